/* Reads the tensor infos of a GGUF file. */
#ifndef REIN_HOST_MODELS_GGUF_TENSORS_H
#define REIN_HOST_MODELS_GGUF_TENSORS_H

#include "host/models/byte_reader.h"
#include "models/gguf.h"

enum { GGUF_TENSOR_INFO_BYTES_MIN = 24 }; /* of a tensor without name and dimensions */

/* The place of the next tensor. */
typedef struct tensor_cursor {
    uint64_t alignment_bytes;
    uint64_t next_offset; /* from the data of tensors; UINT64_MAX if it does not fit in 64 bits */
} tensor_cursor;

/* Reads the next tensor info, which must have its data at the cursor, and moves the cursor past
 * them. Errors: as rein_gguf_read. */
rein_result_void rein_i_gguf_tensor_read(byte_reader *reader, tensor_cursor *cursor,
                                         rein_gguf_tensor *out_tensor);

/* Returns the bytes that the info of the tensor takes in the file. */
uint64_t rein_i_gguf_tensor_info_bytes(const rein_gguf_tensor *tensor);

#endif
