/* The bytes of the caches and recurrent states of a model. */
#ifndef REIN_HOST_MODELS_MEMORY_SIZES_H
#define REIN_HOST_MODELS_MEMORY_SIZES_H

#include "host/models/memory_context.h"

typedef struct state_sizes {
    uint64_t kv;
    uint64_t sliding;
    uint64_t recurrent;
    uint64_t index;
    uint64_t total; /* of the four */
    uint64_t device;
    uint64_t host;
    uint64_t per_token;
} state_sizes;

/* Returns the sizes, each at most UINT64_MAX. `options` are resolved, except that
 * `has_flash_attention` decides about flash attention. */
state_sizes rein_i_state_sizes_make(const memory_model *model, const rein_engine_options *options,
                                    const context_layout *layout, bool has_flash_attention);

/* Returns the elements of K of a cell of the block. */
static inline uint64_t model_k_width(const memory_model *model, uint32_t block) {
    return (uint64_t)model_k_length(model, block) * model->blocks[block].kv_heads;
}

/* Returns the elements of V of a cell of the block, with flash attention. */
static inline uint64_t model_v_width(const memory_model *model, uint32_t block) {
    return (uint64_t)model_v_length(model, block) * model->blocks[block].kv_heads;
}

#endif
