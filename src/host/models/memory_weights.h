/* The sizes of the weights of a model, and where they are. */
#ifndef REIN_HOST_MODELS_MEMORY_WEIGHTS_H
#define REIN_HOST_MODELS_MEMORY_WEIGHTS_H

#include "host/models/memory_model.h"

/* Writes the bytes of all tensors of all parts. Errors: InvalidArgument if they do not fit in 64
 * bits. */
rein_result_void rein_i_memory_weights_sum(const rein_gguf *parts, size_t part_count,
                                           rein_fact_u64 *out_bytes);

/* Writes the bytes on the device and on the host, or notes why they are unknown. Errors: as
 * above. */
rein_result_void rein_i_memory_weights_place(const memory_model *model, const rein_gguf *parts,
                                             size_t part_count, uint64_t gpu_layers,
                                             rein_model_memory *memory);

#endif
