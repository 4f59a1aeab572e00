/* Reads the first 24 bytes of a GGUF file. */
#ifndef REIN_HOST_MODELS_GGUF_HEAD_H
#define REIN_HOST_MODELS_GGUF_HEAD_H

#include "host/models/byte_reader.h"

typedef struct gguf_head {
    uint32_t version;
    uint64_t tensor_count;
    uint64_t entry_count;
} gguf_head;

REIN_RESULT_DEFINE(result_gguf_head, gguf_head)

/* Starts reading the file, and moves past its head. The file has room for the counts. Errors: as
 * rein_gguf_read. */
result_gguf_head rein_i_gguf_head_take(byte_reader *reader, const rein_model_file *file);

#endif
