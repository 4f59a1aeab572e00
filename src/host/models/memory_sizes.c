#include "host/models/memory_sizes.h"

#include "host/base/checked.h"
#include "host/models/cache_type.h"
#include "host/models/memory_place.h"

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

static bool row_bytes(const cache_type_layout *type, uint64_t width, uint64_t *out_bytes) {
    return checked_multiply(width / type->block_elements, type->block_bytes, out_bytes);
}

/* Adds a tensor of `rows` rows to the total of its kind and to that of its place. */
static bool add_tensor(sizes_sum *sum, uint64_t *kind, const cache_type_layout *type,
                       uint64_t width, uint64_t rows, uint32_t block) {
    bool is_on_device = block >= sum->first_device_block;
    uint64_t *place = is_on_device ? &sum->sizes.device : &sum->sizes.host;
    uint64_t bytes = 0;
    uint64_t placed = 0;
    return row_bytes(type, width, &bytes) && checked_multiply(bytes, rows, &bytes) &&
           checked_add(*kind, bytes, kind) &&
           rein_i_place_bytes(is_on_device, bytes, width, type->block_elements, type->block_bytes,
                              &placed) &&
           checked_add(*place, placed, place);
}

/* Adds a tensor with a row for each cell. */
static bool add_cells(sizes_sum *sum, uint64_t *kind, const cache_type_layout *type, uint64_t width,
                      uint32_t block) {
    bool slides = sum->model->blocks[block].slides;
    uint64_t cells = slides ? sum->layout->sliding_cells : sum->layout->cells;
    uint64_t bytes = 0;
    if (slides && !sum->sliding_grow) {
        return add_tensor(sum, kind, type, width, cells * sum->layout->streams, block);
    }
    return row_bytes(type, width, &bytes) &&
           checked_add(sum->sizes.per_token, bytes, &sum->sizes.per_token) &&
           add_tensor(sum, kind, type, width, cells * sum->layout->streams, block);
}

/* Without flash attention, V is stored transposed, and each block gets the width of the widest. */
static uint64_t v_width(const sizes_sum *sum, uint32_t block) {
    if (sum->model->is_latent) {
        return 0;
    }
    return sum->has_flash_attention ? model_v_width(sum->model, block) : sum->widest_v;
}

static bool add_attention(sizes_sum *sum, uint32_t block) {
    const memory_model *model = sum->model;
    uint64_t *kind = model->blocks[block].slides ? &sum->sizes.sliding : &sum->sizes.kv;
    uint64_t index_width = model->has_index ? model->index_length : 0;
    return add_cells(sum, kind, sum->k_type, model_k_width(model, block), block) &&
           add_cells(sum, kind, sum->v_type, v_width(sum, block), block) &&
           add_cells(sum, &sum->sizes.index, sum->k_type, index_width, block);
}

static bool add_recurrent(sizes_sum *sum, uint32_t block) {
    const cache_type_layout *type = rein_i_cache_type_layout(REIN_CACHE_F32);
    uint64_t sequences = sum->layout->sequences;
    return add_tensor(sum, &sum->sizes.recurrent, type, sum->model->convolution_elements, sequences,
                      block) &&
           add_tensor(sum, &sum->sizes.recurrent, type, sum->model->recurrence_elements, sequences,
                      block);
}

static uint64_t widest_v(const memory_model *model) {
    uint64_t widest = 0;
    for (uint32_t block = 0; block < model->active_count; block++) {
        uint64_t width = model_v_width(model, block);
        widest = width > widest ? width : widest;
    }
    return widest;
}

bool rein_i_state_sizes_compute(const memory_model *model, const rein_engine_options *options,
                                const context_layout *layout, bool has_flash_attention,
                                state_sizes *out_sizes) {
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
        uint8_t keeps = model->blocks[block].keeps;
        if (((keeps & BLOCK_KEEPS_KV) != 0 && !add_attention(&sum, block)) ||
            ((keeps & BLOCK_KEEPS_RECURRENT) != 0 && !add_recurrent(&sum, block))) {
            return false;
        }
    }
    *out_sizes = sum.sizes;
    return true;
}
