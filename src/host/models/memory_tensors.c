#include "host/models/memory_tensors.h"

#include <string.h>

#include "host/models/malformed.h"
#include "host/models/memory_sizes.h"

/* The names of tensors outside the blocks, without the last dot and the word after it. */
typedef struct named_part {
    const char *name;
    tensor_part part;
} named_part;

static const named_part named_parts[] = {
    {"token_embd", PART_INPUT},
    {"position_embd", PART_INPUT},
    {"token_types", PART_INPUT},
    {"per_layer_token_embd", PART_INPUT},
    {"output", PART_OUTPUT},
    {"output_norm", PART_OUTPUT},
    {"enc.output_norm", PART_OUTPUT},
    {"dec.output_norm", PART_OUTPUT},
    {"cls", PART_OUTPUT},
    {"cls.norm", PART_OUTPUT},
    {"cls.output", PART_OUTPUT},
    {"dense_2", PART_OUTPUT},
    {"dense_3", PART_OUTPUT},
    {"altup_proj", PART_OUTPUT},
    {"altup_unembd_proj", PART_OUTPUT},
    {"per_layer_model_proj", PART_BLOCK},
    {"per_layer_proj_norm", PART_BLOCK},
    {"token_embd_norm", PART_BLOCK},
    {"rope_freqs", PART_ROPE},
    {"rope_factors_long", PART_ROPE},
    {"rope_factors_short", PART_ROPE},
};

/* The beginnings of names of tensors in blocks. */
typedef struct block_prefix {
    const char *text;
    bool is_counted;
} block_prefix;

static const block_prefix prefixes[] = {{"blk.", true}, {"enc.blk.", true}, {"dec.blk.", false}};

/* Reads the number of a block up to a dot. Returns false if the text is not one. */
static bool read_number(const char *text, uint32_t *out_number) {
    uint64_t number = 0;
    const char *digit = text;
    for (; *digit >= '0' && *digit <= '9'; digit++) {
        number = number * 10 + (uint64_t)(*digit - '0');
        number = number > UINT32_MAX ? UINT32_MAX : number;
    }
    *out_number = (uint32_t)number;
    return digit > text && *digit == '.';
}

static bool read_block(const char *name, tensor_role *out_role) {
    for (size_t index = 0; index < sizeof prefixes / sizeof prefixes[0]; index++) {
        size_t length = strlen(prefixes[index].text);
        if (strncmp(name, prefixes[index].text, length) == 0 &&
            read_number(name + length, &out_role->block)) {
            out_role->part = PART_BLOCK;
            out_role->is_counted = prefixes[index].is_counted;
            return true;
        }
    }
    return false;
}

static tensor_part part_of_name(const memory_model *model, const char *name) {
    const char *dot = strrchr(name, '.');
    size_t length = dot == NULL ? strlen(name) : (size_t)(dot - name);
    for (size_t index = 0; index < sizeof named_parts / sizeof named_parts[0]; index++) {
        const named_part *named = &named_parts[index];
        if (strlen(named->name) == length && strncmp(named->name, name, length) == 0) {
            bool is_last = named->part == PART_BLOCK &&
                           strcmp(named->name, "token_embd_norm") == 0 &&
                           model_has_trait(model, ARCH_EMBEDDING_NORM_LAST);
            return is_last ? PART_OUTPUT : named->part;
        }
    }
    return PART_UNKNOWN;
}

tensor_role rein_i_tensor_role(const memory_model *model, const char *name) {
    tensor_role role = {.part = PART_UNKNOWN, .block = 0, .is_counted = false};
    if (!read_block(name, &role)) {
        role.part = part_of_name(model, name);
    } else if (role.is_counted && role.block >= model->active_count) {
        role.part = PART_UNUSED;
    }
    return role;
}

/* Returns the width that the tensor must have; 0 if it is not a projection of K or V of a block
 * that keeps them. */
static uint64_t expected_width(const memory_model *model, const char *name, uint32_t block) {
    const char *rest = strchr(name + strlen("blk."), '.');
    if (strncmp(name, "blk.", strlen("blk.")) != 0 || model->is_latent ||
        (model->blocks[block].keeps & BLOCK_KEEPS_KV) == 0) {
        return 0;
    }
    if (strcmp(rest, ".attn_k.weight") == 0) {
        return model_k_width(model, block);
    }
    return strcmp(rest, ".attn_v.weight") == 0 ? model_v_width(model, block) : 0;
}

/* Returns whether the tensor is of a single expert: the engine needs those of all in one tensor. */
static bool is_of_one_expert(const char *name) {
    static const char *const stems[] = {".ffn_gate.", ".ffn_up.", ".ffn_down."};
    for (size_t index = 0; index < sizeof stems / sizeof stems[0]; index++) {
        const char *found = strstr(name, stems[index]);
        uint32_t expert = 0;
        if (found != NULL && read_number(found + strlen(stems[index]), &expert)) {
            return true;
        }
    }
    return false;
}

static rein_result_void check_tensor(const memory_model *model, const rein_gguf_tensor *tensor,
                                     uint32_t *block_end) {
    tensor_role role = rein_i_tensor_role(model, tensor->name);
    if (!role.is_counted) {
        return rein_done();
    }
    if (role.block >= model->block_count) {
        return rein_i_malformed(REIN_HERE,
                                "at byte {u} of the data: tensor '{text}' is of block {u}, but the "
                                "block count is {u}",
                                tensor->offset_bytes, role.block, model->block_count, tensor->name);
    }
    if (is_of_one_expert(tensor->name)) {
        return rein_i_malformed(REIN_HERE,
                                "at byte {u} of the data: tensor '{text}' is of a single expert, "
                                "which the engine no longer reads; convert the model again",
                                tensor->offset_bytes, 0, 0, tensor->name);
    }
    *block_end = role.block >= *block_end ? role.block + 1 : *block_end;
    uint64_t width = expected_width(model, tensor->name, role.block);
    if (width != 0 && tensor->extents[1] != width) {
        return rein_i_malformed(REIN_HERE,
                                "at byte {u} of the data: tensor '{text}' has {u} rows, but the "
                                "heads of its block make {u}; check attention.head_count_kv and "
                                "key_length or value_length",
                                tensor->offset_bytes, tensor->extents[1], width, tensor->name);
    }
    return rein_done();
}

/* Checks that the blocks that have no tensors keep nothing. */
static rein_result_void check_block_end(const memory_model *model, uint32_t block_end) {
    for (uint32_t block = block_end; block < model->active_count; block++) {
        const model_block *state = &model->blocks[block];
        bool is_empty =
            state->keeps == 0 || (state->kv_heads == 0 && state->keeps == BLOCK_KEEPS_KV);
        if (!is_empty) {
            return rein_i_malformed(REIN_HERE,
                                    "the tensors end with block {u}, but '{text}.block_count' is "
                                    "{u}",
                                    block_end, model->block_count, 0, model->arch->name);
        }
    }
    return rein_done();
}

rein_result_void rein_i_memory_tensors_check(const memory_model *model, const rein_gguf *parts,
                                             size_t part_count) {
    uint32_t block_end = 0;
    for (size_t part = 0; part < part_count; part++) {
        for (size_t index = 0; index < parts[part].tensor_count; index++) {
            REIN_TRY(rein_result_void,
                     check_tensor(model, &parts[part].tensors[index], &block_end));
        }
    }
    return check_block_end(model, block_end);
}
