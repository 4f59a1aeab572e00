#include <string.h>

#include "host/base/arena.h"
#include "host/base/checked.h"
#include "host/contract/invalid.h"
#include "host/contract/lifetime_input.h"
#include "host/models/json_text.h"
#include "host/models/malformed.h"
#include "models/safetensors_index.h"

/* The analyser of gcc does not know that a workspace that was checked is not NULL. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-null-dereference"
#endif

/* The state of a check. */
typedef struct index_check {
    const rein_safetensors_index *index;
    json_texts names; /* of the index */
    keyed_index *order;
    keyed_index *scratch;
    bool *is_found; /* of each tensor of the index, in its shard */
    rein_safetensors_model model;
} index_check;

static json_text index_name(const void *self, size_t i) {
    const rein_safetensors_index *index = self;
    return (json_text){index->file, &index->tensors[i].name_text, index->tensors[i].name};
}

/* Places the parts of the workspace in the arena, which may only count. */
static void place(arena *memory, size_t tensor_count, index_check *check) {
    check->order = arena_take(memory, tensor_count, sizeof(keyed_index));
    check->scratch = arena_take(memory, tensor_count, sizeof(keyed_index));
    check->is_found = arena_take(memory, tensor_count, sizeof(bool));
}

rein_result_bytes
rein_safetensors_index_check_workspace_bytes(const rein_safetensors_index *index) {
    if (index == NULL) {
        return rein_result_bytes_fail(
            rein_i_invalid_error(REIN_HERE, "the index" MUST_NOT_BE_NULL, 0, 0, 0));
    }
    arena memory = {NULL, 0};
    index_check check;
    place(&memory, index->tensor_count, &check);
    return rein_result_bytes_ok(memory.used_bytes);
}

static rein_result_void fail_about(const char *message, const char *name,
                                   const rein_safetensors_text *text, size_t shard) {
    return rein_i_malformed(REIN_HERE, message, text->offset - 1, shard, 0, name);
}

static rein_result_void count_tensor(index_check *check, size_t shard, const rein_safetensors *file,
                                     const rein_safetensors_tensor *tensor) {
    json_text name = {file->file, &tensor->name_text, tensor->name};
    size_t found = 0;
    REIN_TRY(rein_result_void, rein_i_json_texts_find(&check->names, check->order, name, &found));
    if (found == check->names.count) {
        return fail_about("at byte {u} of shard {u}: the index lacks the tensor '{text}'",
                          tensor->name, &tensor->name_text, shard);
    }
    bool is_own = check->index->tensors[found].shard == shard;
    check->is_found[found] = check->is_found[found] || is_own;
    check->model.repeated_count += is_own ? 0 : 1;
    uint64_t *sum = is_own ? &check->model.tensor_bytes : &check->model.repeated_bytes;
    if (!checked_add(*sum, tensor->size_bytes, sum)) {
        return fail_about(
            "at byte {u} of shard {u}: the sum of the sizes up to '{text}' does not fit "
            "in 64 bits",
            tensor->name, &tensor->name_text, shard);
    }
    return rein_done();
}

static rein_result_void count_shards(index_check *check, const rein_safetensors *shards) {
    for (size_t shard = 0; shard < check->index->shard_count; shard++) {
        for (size_t i = 0; i < shards[shard].tensor_count; i++) {
            REIN_TRY(rein_result_void,
                     count_tensor(check, shard, &shards[shard], &shards[shard].tensors[i]));
        }
    }
    return rein_done();
}

static rein_result_void check_found(const index_check *check) {
    for (size_t i = 0; i < check->index->tensor_count; i++) {
        const rein_safetensors_index_tensor *tensor = &check->index->tensors[i];
        if (!check->is_found[i]) {
            return fail_about("at byte {u} of the index: shard {u} lacks the tensor '{text}'",
                              tensor->name, &tensor->name_text, tensor->shard);
        }
    }
    return rein_done();
}

/* Prepares a check in the workspace. */
static rein_result_void begin_check(const rein_safetensors_index *index,
                                    const rein_safetensors *shards, rein_workspace workspace,
                                    index_check *out_check) {
    uint64_t needed =
        REIN_TRY(rein_result_void, rein_safetensors_index_check_workspace_bytes(index));
    if (shards == NULL && index->shard_count > 0) {
        return rein_i_invalid(REIN_HERE, "the shards" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    REIN_TRY(rein_result_void, rein_i_workspace_check(workspace, needed, REIN_HERE));
    *out_check = (index_check){
        .index = index, .names = {.at = index_name, .self = index, .count = index->tensor_count}};
    arena memory = {workspace.memory, 0};
    place(&memory, index->tensor_count, out_check);
    for (size_t i = 0; i < index->tensor_count; i++) {
        out_check->is_found[i] = false;
    }
    return rein_i_json_texts_order(&out_check->names, out_check->order, out_check->scratch);
}

rein_result_safetensors_model rein_safetensors_index_check(const rein_safetensors_index *index,
                                                           const rein_safetensors *shards,
                                                           rein_workspace workspace) {
    index_check check = {.index = index};
    REIN_TRY(rein_result_safetensors_model, begin_check(index, shards, workspace, &check));
    REIN_TRY(rein_result_safetensors_model, count_shards(&check, shards));
    REIN_TRY(rein_result_safetensors_model, check_found(&check));
    return rein_result_safetensors_model_ok(check.model);
}
