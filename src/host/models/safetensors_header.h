/* The header of a safetensors file: reads it, without the rules about several tensors. */
#ifndef REIN_HOST_MODELS_SAFETENSORS_HEADER_H
#define REIN_HOST_MODELS_SAFETENSORS_HEADER_H

#include "models/safetensors.h"

/* The header follows its length. */
enum { SAFETENSORS_LENGTH_BYTES = 8, SAFETENSORS_HEADER_BYTES_MAX = 100000000 };

/* The header and what it has room for. */
typedef struct safetensors_header {
    const rein_model_file *file;
    uint64_t end; /* in the file, of the header; the data follow */
    rein_safetensors_tensor *tensors;
    size_t tensor_count; /* while reading: the tensors that were read */
    size_t tensor_capacity;
    rein_safetensors_entry *entries;
    size_t entry_count;
    size_t entry_capacity;
} safetensors_header;

/* Reads the length of the header, and checks it and the file. Errors: InvalidArgument; those of
 * read_at. */
rein_result_void rein_i_safetensors_header_begin(const rein_model_file *file,
                                                 safetensors_header *out_header);

/* Counts the tensors and keys. Errors: those of JSON; those of read_at. */
rein_result_void rein_i_safetensors_header_count(safetensors_header *header);

/* Reads as many tensors and keys as there is room for. Checks each alone, and that `__metadata__`
 * occurs once at most. Errors: those of rein_safetensors_read. */
rein_result_void rein_i_safetensors_header_read(safetensors_header *header);

#endif
