/* The pairs of an index of safetensors, as they are in the file. */
#ifndef REIN_HOST_MODELS_SAFETENSORS_INDEX_FILE_H
#define REIN_HOST_MODELS_SAFETENSORS_INDEX_FILE_H

#include "models/safetensors_index.h"

/* The pairs, and the runs of pairs with the same shard. With capacities of 0, only counts. */
typedef struct index_file {
    const rein_model_file *file;
    rein_fact_u64 total_size;
    rein_safetensors_index_tensor *tensors; /* `shard` is the number of the run */
    size_t tensor_count;
    size_t tensor_capacity;
    rein_safetensors_shard *runs; /* without tensor_count */
    rein_safetensors_text *run_texts;
    size_t run_count;
    size_t run_capacity;
} index_file;

/* Reads the index, as far as there is room for its pairs. Checks each alone. Errors: those of
 * rein_safetensors_index_read. */
rein_result_void rein_i_index_file_read(index_file *index);

#endif
