#include "models/safetensors_index.h"

#include "host/base/arena.h"
#include "host/contract/lifetime_input.h"
#include "host/models/file_check.h"
#include "host/models/json_text.h"
#include "host/models/safetensors_index_file.h"

/* The analyser of gcc does not know that a workspace that was checked is not NULL. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-null-dereference"
#endif

/* The parts of the workspace that are needed while the index is read. */
typedef struct index_space {
    keyed_index *tensor_order;
    keyed_index *run_order;
    keyed_index *scratch; /* for either order: the runs are at most as many as the tensors */
    size_t *shards;       /* of each run */
} index_space;

/* Places the parts in the arena, which may only count. */
static index_space place(arena *memory, index_file *index) {
    size_t tensors = index->tensor_capacity;
    size_t runs = index->run_capacity;
    index->tensors = arena_take(memory, tensors, sizeof(rein_safetensors_index_tensor));
    index->runs = arena_take(memory, runs, sizeof(rein_safetensors_shard));
    index->run_texts = arena_take(memory, runs, sizeof(rein_safetensors_text));
    return (index_space){
        .tensor_order = arena_take(memory, tensors, sizeof(keyed_index)),
        .run_order = arena_take(memory, runs, sizeof(keyed_index)),
        .scratch = arena_take(memory, tensors, sizeof(keyed_index)),
        .shards = arena_take(memory, runs, sizeof(size_t)),
    };
}

/* Counts what the file has. Sets the bytes of workspace that it needs. */
static rein_result_void measure(const rein_model_file *file, index_file *out_index,
                                uint64_t *out_bytes) {
    *out_index = (index_file){.file = file};
    REIN_TRY(rein_result_void, rein_i_index_file_read(out_index));
    *out_index = (index_file){.file = file,
                              .tensor_capacity = out_index->tensor_count,
                              .run_capacity = out_index->run_count};
    arena memory = {NULL, 0};
    (void)place(&memory, out_index);
    *out_bytes = memory.used_bytes;
    return rein_done();
}

rein_result_bytes rein_safetensors_index_workspace_bytes(const rein_model_file *file) {
    index_file index;
    uint64_t bytes = 0;
    REIN_TRY(rein_result_bytes, measure(file, &index, &bytes));
    return rein_result_bytes_ok(bytes);
}

static json_text run_name(const void *self, size_t index) {
    const index_file *file = self;
    return (json_text){file->file, &file->run_texts[index], file->runs[index].name};
}

static json_text tensor_name(const void *self, size_t index) {
    const index_file *file = self;
    const rein_safetensors_index_tensor *tensor = &file->tensors[index];
    return (json_text){file->file, &tensor->name_text, tensor->name};
}

/* Finds the runs with the same shard, and sets the shard of each to the first run that has it. */
static rein_result_void group_runs(const index_file *index, const index_space *space) {
    json_texts names = {.at = run_name, .self = index, .count = index->run_count};
    const keyed_index *order = space->run_order;
    REIN_TRY(rein_result_void, rein_i_json_texts_order(&names, space->run_order, space->scratch));
    for (size_t begin = 0; begin < index->run_count;) {
        size_t end = 0;
        REIN_TRY(rein_result_void, rein_i_json_texts_run_end(&names, order, begin, &end));
        /* The workspace was checked: not NULL. */
        size_t first = order[begin].index; /* NOLINT(clang-analyzer-core.NullDereference) */
        for (size_t i = begin; i < end; i++) {
            space->shards[order[i].index] = first;
        }
        begin = end;
    }
    return rein_done();
}

/* Keeps one run of each shard, and maps the tensors to these. Returns the number of shards. */
static size_t merge_runs(index_file *index, const index_space *space) {
    size_t shard_count = 0;
    for (size_t run = 0; run < index->run_count; run++) {
        size_t first = space->shards[run];
        if (first == run) {
            index->runs[shard_count] = index->runs[run];
            space->shards[run] = shard_count++;
        } else {
            space->shards[run] = space->shards[first];
        }
    }
    for (size_t i = 0; i < index->tensor_count; i++) {
        /* The workspace was checked: not NULL.
         * NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
        index->tensors[i].shard = space->shards[index->tensors[i].shard];
        index->runs[index->tensors[i].shard].tensor_count++;
    }
    return shard_count;
}

static rein_result_void check_unchanged(const index_file *index) {
    if (index->tensor_count != index->tensor_capacity || index->run_count != index->run_capacity) {
        return rein_i_model_file_changed(REIN_HERE);
    }
    return rein_done();
}

/* Reads the pairs, and checks those rules that are about several. */
static rein_result_void read_pairs(index_file *index, const index_space *space) {
    REIN_TRY(rein_result_void, rein_i_index_file_read(index));
    REIN_TRY(rein_result_void, check_unchanged(index));
    json_texts names = {.at = tensor_name, .self = index, .count = index->tensor_count};
    REIN_TRY(rein_result_void,
             rein_i_json_texts_check_unique(&names, space->tensor_order, space->scratch));
    return group_runs(index, space);
}

rein_result_safetensors_index rein_safetensors_index_read(const rein_model_file *file,
                                                          rein_workspace workspace) {
    index_file index;
    uint64_t needed = 0;
    REIN_TRY(rein_result_safetensors_index, measure(file, &index, &needed));
    REIN_TRY(rein_result_safetensors_index, rein_i_workspace_check(workspace, needed, REIN_HERE));
    arena memory = {workspace.memory, 0};
    index_space space = place(&memory, &index);
    REIN_TRY(rein_result_safetensors_index, read_pairs(&index, &space));
    size_t shard_count = merge_runs(&index, &space);
    return rein_result_safetensors_index_ok((rein_safetensors_index){
        .file = file,
        .total_size = index.total_size,
        .tensors = index.tensors,
        .tensor_count = index.tensor_count,
        .shards = index.runs,
        .shard_count = shard_count,
    });
}
