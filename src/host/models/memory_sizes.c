#include "host/models/memory_sizes.h"

#include "host/models/cache_type.h"
#include "host/models/memory_place.h"
#include "host/models/memory_saturating.h"

/* The conditions of a computation, and its sums. */
typedef struct sizes_sum {
    const memory_model *model;
    const cache_type_layout *k_type;
    const cache_type_layout *v_type;
    const context_layout *layout;
    bool has_flash_attention;
    bool sliding_grow; /* blocks that slide keep the whole context too */
    uint64_t first_device_block;
    uint64_t widest_v; /* elements of V of a cell in the block that has most */
    state_sizes sizes;
} sizes_sum;

static uint64_t row_bytes(const cache_type_layout *type, uint64_t width) {
    return multiply_saturating(width / type->block_elements, type->block_bytes);
}

/* Adds a tensor of `rows` rows to the total of its kind and to that of its place. */
static void add_tensor(sizes_sum *sum, uint64_t *kind, const cache_type_layout *type,
                       uint64_t width, uint64_t rows, uint32_t block) {
    bool is_on_device = block >= sum->first_device_block;
    uint64_t *place = is_on_device ? &sum->sizes.device : &sum->sizes.host;
    uint64_t bytes = multiply_saturating(row_bytes(type, width), rows);
    uint64_t placed =
        rein_i_place_bytes(is_on_device, bytes, width, type->block_elements, type->block_bytes);
    *kind = add_saturating(*kind, bytes);
    sum->sizes.total = add_saturating(sum->sizes.total, bytes);
    *place = add_saturating(*place, placed);
}

/* Adds a tensor with a row for each cell. */
static void add_cells(sizes_sum *sum, uint64_t *kind, const cache_type_layout *type, uint64_t width,
                      uint32_t block) {
    bool slides = sum->model->blocks[block].slides;
    uint64_t cells = slides ? sum->layout->sliding_cells : sum->layout->cells;
    if (!slides || sum->sliding_grow) {
        sum->sizes.per_token = add_saturating(sum->sizes.per_token, row_bytes(type, width));
    }
    add_tensor(sum, kind, type, width, cells * sum->layout->streams, block);
}

/* Without flash attention, V is stored transposed, and each block gets the width of the widest. */
static uint64_t v_width(const sizes_sum *sum, uint32_t block) {
    if (sum->model->is_latent) {
        return 0;
    }
    return sum->has_flash_attention ? model_v_width(sum->model, block) : sum->widest_v;
}

static void add_attention(sizes_sum *sum, uint32_t block) {
    const memory_model *model = sum->model;
    uint64_t *kind = model->blocks[block].slides ? &sum->sizes.sliding : &sum->sizes.kv;
    add_cells(sum, kind, sum->k_type, model_k_width(model, block), block);
    add_cells(sum, kind, sum->v_type, v_width(sum, block), block);
    add_cells(sum, &sum->sizes.index, sum->k_type, model->index_length, block);
}

static void add_recurrent(sizes_sum *sum, uint32_t block) {
    const cache_type_layout *type = rein_i_cache_type_layout(REIN_CACHE_F32);
    const memory_model *model = sum->model;
    uint64_t *kind = &sum->sizes.recurrent;
    add_tensor(sum, kind, type, model->convolution_elements, sum->layout->sequences, block);
    add_tensor(sum, kind, type, model->recurrence_elements, sum->layout->sequences, block);
}

static uint64_t widest_v(const memory_model *model) {
    uint64_t widest = 0;
    for (uint32_t block = 0; block < model->active_count; block++) {
        uint64_t width = model_v_width(model, block);
        widest = width > widest ? width : widest;
    }
    return widest;
}

state_sizes rein_i_state_sizes_make(const memory_model *model, const rein_engine_options *options,
                                    const context_layout *layout, bool has_flash_attention) {
    sizes_sum sum = {.model = model,
                     .k_type = rein_i_cache_type_layout(options->k_type),
                     .v_type = rein_i_cache_type_layout(options->v_type),
                     .layout = layout,
                     .has_flash_attention = has_flash_attention,
                     .sliding_grow = options->swa_full == REIN_SWITCH_ON,
                     .first_device_block =
                         first_device_block(model->block_count, options->gpu_layers.value),
                     .widest_v = widest_v(model)};
    for (uint32_t block = 0; block < model->active_count; block++) {
        if ((model->blocks[block].keeps & BLOCK_KEEPS_KV) != 0) {
            add_attention(&sum, block);
        }
        if ((model->blocks[block].keeps & BLOCK_KEEPS_RECURRENT) != 0) {
            add_recurrent(&sum, block);
        }
    }
    return sum.sizes;
}
