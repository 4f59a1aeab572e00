#include "host/models/memory_weights.h"

#include <string.h>

#include "host/contract/invalid.h"
#include "host/models/memory_notes.h"
#include "host/models/memory_place.h"
#include "host/models/memory_saturating.h"
#include "host/models/memory_tensors.h"

/* The sums, and what they depend on. */
typedef struct weights_sum {
    const memory_model *model;
    uint64_t first_device_block;
    bool has_rope_on_device; /* a block on the device uses the shared tensors of the positions */
    bool has_rope_on_host;
    bool is_tied; /* the embedding stands in for the output matrix */
    uint64_t device;
    uint64_t host;
} weights_sum;

static rein_result_void refuse_size(rein_source_location where) {
    return rein_i_invalid(where, "the size of the weights of this model" MUST_FIT_64_BITS, 0, 0, 0);
}

rein_result_void rein_i_memory_weights_sum(const rein_gguf *parts, size_t part_count,
                                           rein_fact_u64 *out_bytes) {
    uint64_t bytes = 0;
    for (size_t part = 0; part < part_count; part++) {
        bytes = add_saturating(bytes, parts[part].tensor_bytes);
    }
    *out_bytes = rein_fact_u64_known(bytes);
    return does_not_fit(bytes, 0) ? refuse_size(REIN_HERE) : rein_done();
}

static void add(weights_sum *sum, const rein_gguf_tensor *tensor, bool is_on_device) {
    /* A file that has tensors has an array of them.
     * NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    const rein_gguf_type_layout *layout = rein_gguf_type_find(tensor->type);
    uint64_t *place = is_on_device ? &sum->device : &sum->host;
    *place = add_saturating(*place,
                            rein_i_place_bytes(is_on_device, tensor->size_bytes, tensor->extents[0],
                                               layout->block_elements, layout->block_bytes));
}

static bool is_output_on_device(const weights_sum *sum) {
    return sum->model->block_count >= sum->first_device_block;
}

static void add_input(weights_sum *sum, const rein_gguf_tensor *tensor) {
    add(sum, tensor, false);
    if (!sum->is_tied || strcmp(tensor->name, "token_embd.weight") != 0) {
        return;
    }
    /* The copy that stands in for the output matrix. */
    if (is_output_on_device(sum) || model_has_trait(sum->model, ARCH_COPIES_ON_HOST)) {
        add(sum, tensor, is_output_on_device(sum));
    }
}

static void add_rope(weights_sum *sum, const rein_gguf_tensor *tensor) {
    if (sum->has_rope_on_device) {
        add(sum, tensor, true);
    }
    if (sum->has_rope_on_host) {
        add(sum, tensor, false);
    }
}

static void add_tensor(weights_sum *sum, const rein_gguf_tensor *tensor) {
    tensor_role role = rein_i_tensor_role(sum->model, tensor->name);
    if (role.part == PART_INPUT) {
        add_input(sum, tensor);
    } else if (role.part == PART_BLOCK) {
        add(sum, tensor, role.block >= sum->first_device_block);
    } else if (role.part == PART_ROPE) {
        add_rope(sum, tensor);
    } else if (role.part != PART_UNUSED) {
        add(sum, tensor, is_output_on_device(sum));
    }
}

static void find_rope_places(weights_sum *sum) {
    const memory_model *model = sum->model;
    for (uint32_t block = 0; block < model->active_count; block++) {
        if (model->blocks[block].slides && model_has_trait(model, ARCH_ROPE_IF_FULL)) {
            continue;
        }
        bool is_on_device = block >= sum->first_device_block;
        sum->has_rope_on_device = sum->has_rope_on_device || is_on_device;
        sum->has_rope_on_host = sum->has_rope_on_host || !is_on_device;
    }
}

static const rein_gguf_tensor *find_tensor(const rein_gguf *parts, size_t part_count,
                                           const char *name) {
    const rein_gguf_tensor *tensor = NULL;
    for (size_t part = 0; part < part_count && tensor == NULL; part++) {
        tensor = rein_gguf_find_tensor(&parts[part], name);
    }
    return tensor;
}

/* Returns a tensor whose place depends on more than its name; NULL if there is none, or if all
 * blocks are in one place. */
static const rein_gguf_tensor *find_unknown(const weights_sum *sum, const rein_gguf *parts,
                                            size_t part_count) {
    if (sum->first_device_block == 0 || !is_output_on_device(sum)) {
        return NULL;
    }
    for (size_t part = 0; part < part_count; part++) {
        for (size_t index = 0; index < parts[part].tensor_count; index++) {
            const rein_gguf_tensor *tensor = &parts[part].tensors[index];
            if (rein_i_tensor_role(sum->model, tensor->name).part == PART_UNKNOWN) {
                return tensor;
            }
        }
    }
    return NULL;
}

rein_result_void rein_i_memory_weights_place(const memory_model *model, const rein_gguf *parts,
                                             size_t part_count, uint64_t gpu_layers,
                                             rein_model_memory *memory) {
    weights_sum sum = {.model = model,
                       .first_device_block = first_device_block(model->block_count, gpu_layers)};
    const rein_gguf_tensor *unknown = find_unknown(&sum, parts, part_count);
    if (unknown != NULL) {
        rein_i_note_unknown(memory, REIN_MEMORY_WEIGHTS_PLACE,
                            "the place of this tensor is not known if some layers are on the "
                            "device and some on the host",
                            unknown->name);
        return rein_done();
    }
    sum.is_tied = !model_has_trait(model, ARCH_HAS_NO_HEAD) &&
                  find_tensor(parts, part_count, "output.weight") == NULL;
    find_rope_places(&sum);
    for (size_t part = 0; part < part_count; part++) {
        for (size_t index = 0; index < parts[part].tensor_count; index++) {
            add_tensor(&sum, &parts[part].tensors[index]);
        }
    }
    if (does_not_fit(sum.device, sum.host)) {
        return refuse_size(REIN_HERE);
    }
    memory->weights.device_bytes = rein_fact_u64_known(sum.device);
    memory->weights.host_bytes = rein_fact_u64_known(sum.host);
    return rein_done();
}
