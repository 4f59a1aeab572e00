#include "cli/base/path.h"
#include "cli/base/text.h"
#include "cli/models/config_state.h"
#include "cli/models/formats.h"
#include "cli/models/read_workspace.h"
#include "cli/models/shard_names.h"
#include "models/safetensors_index.h"

static bool read_file(diagnostics *sink, const model_file *file, rein_safetensors *out_read) {
    rein_workspace workspace;
    if (!read_workspace_make(sink, file, rein_safetensors_workspace_bytes(&file->source),
                             &workspace)) {
        return false;
    }
    rein_result_safetensors read = rein_safetensors_read(&file->source, workspace);
    if (!read.is_ok) {
        return refuse_model_file(sink, file, &read.as.error);
    }
    *out_read = read.as.value;
    return true;
}

static void count_tensors(arena *memory, const rein_safetensors *read, model_description *target) {
    for (size_t index = 0; index < read->tensor_count; index++) {
        const rein_safetensors_tensor *tensor = &read->tensors[index];
        description_count_type(memory, target,
                               (weight_type){.name = rein_safetensors_dtype_name(tensor->dtype),
                                             .element_count = tensor->element_count,
                                             .size_bytes = tensor->size_bytes});
        target->parameter_count.value += tensor->element_count;
    }
    target->parameter_count.is_known = true;
}

/* States the weights: an engine that loads them as they are stored takes as much. */
static void set_weights(uint64_t bytes, model_description *target) {
    target->weights = (rein_model_weights){.file_bytes = rein_fact_u64_known(bytes),
                                           .device_bytes = rein_fact_u64_known(bytes),
                                           .host_bytes = rein_fact_u64_known(0)};
}

static bool finish(diagnostics *sink, const describe_request *request, const char *beside,
                   model_files *files, model_description *target) {
    description_add_unknown(sink->memory, target, "activations",
                            "they depend on the engine; measure them");
    return describe_config_state(sink, request, path_resolve(sink->memory, beside, "config.json"),
                                 files, target);
}

/* Reads each file, and counts its tensors. */
static bool read_files(diagnostics *sink, model_file *const *files, size_t count,
                       rein_safetensors *out_read, model_description *target) {
    for (size_t index = 0; index < count; index++) {
        if (!read_file(sink, files[index], &out_read[index])) {
            return false;
        }
        count_tensors(sink->memory, &out_read[index], target);
    }
    return true;
}

bool describe_safetensors(diagnostics *sink, const describe_request *request, model_files *files,
                          model_description *target) {
    rein_safetensors *read = arena_allocate(sink->memory, files->count, sizeof *read);
    uint64_t bytes = 0;
    if (!read_files(sink, files->files, files->count, read, target) ||
        !shard_names_check(sink, files->files, read, files->count)) {
        return false;
    }
    for (size_t index = 0; index < files->count; index++) {
        bytes += read[index].tensor_bytes;
    }
    set_weights(bytes, target);
    return finish(sink, request, files->files[0]->path, files, target);
}

static bool read_index(diagnostics *sink, const model_file *file,
                       rein_safetensors_index *out_index) {
    rein_workspace workspace;
    if (!read_workspace_make(sink, file, rein_safetensors_index_workspace_bytes(&file->source),
                             &workspace)) {
        return false;
    }
    rein_result_safetensors_index read = rein_safetensors_index_read(&file->source, workspace);
    if (!read.is_ok) {
        return refuse_model_file(sink, file, &read.as.error);
    }
    *out_index = read.as.value;
    return true;
}

/* Opens the shards beside the index. They follow it in `files`. */
static bool open_shards(diagnostics *sink, const model_file *file,
                        const rein_safetensors_index *index, model_files *files) {
    for (size_t at = 0; at < index->shard_count; at++) {
        const char *path = path_resolve(sink->memory, file->path, index->shards[at].name);
        if (!model_files_open(sink, files, path, REIN_MODEL_FORMAT_SAFETENSORS)) {
            return false;
        }
    }
    return true;
}

static bool check_shards(diagnostics *sink, const model_file *file,
                         const rein_safetensors_index *index, const rein_safetensors *shards,
                         rein_safetensors_model *out_model) {
    /* Smaller than the workspace of the index itself. */
    uint64_t bytes = REIN_UNWRAP(rein_safetensors_index_check_workspace_bytes(index));
    rein_workspace workspace = {.memory = arena_allocate(sink->memory, bytes, 1),
                                .size_bytes = bytes};
    rein_result_safetensors_model model = rein_safetensors_index_check(index, shards, workspace);
    if (!model.is_ok) {
        return refuse_model_file(sink, file, &model.as.error);
    }
    *out_model = model.as.value;
    return true;
}

static bool describe_index(diagnostics *sink, const describe_request *request, const char *path,
                           model_files *files, model_description *target) {
    const model_file *file = model_files_open_any(sink, files, path);
    rein_safetensors_index *index = arena_allocate(sink->memory, 1, sizeof *index);
    rein_safetensors_model model = {.tensor_bytes = 0};
    if (file == NULL || !read_index(sink, file, index) || !open_shards(sink, file, index, files)) {
        return false;
    }
    rein_safetensors *shards = arena_allocate(sink->memory, index->shard_count, sizeof *shards);
    if (!read_files(sink, files->files + 1, index->shard_count, shards, target) ||
        !check_shards(sink, file, index, shards, &model)) {
        return false;
    }
    set_weights(model.tensor_bytes, target);
    return finish(sink, request, path, files, target);
}

bool describe_directory(diagnostics *sink, const describe_request *request, model_files *files,
                        model_description *target) {
    const char *path = request->paths[0];
    const char *folder = path_ends_in(path, "/") ? path : arena_print(sink->memory, "%s/", path);
    const char *index = path_resolve(sink->memory, folder, "model.safetensors.index.json");
    const char *single = path_resolve(sink->memory, folder, "model.safetensors");
    target->format = REIN_MODEL_FORMAT_SAFETENSORS;
    if (path_exists(index)) {
        return describe_index(sink, request, index, files, target);
    }
    if (!path_exists(single)) {
        report_in_file(sink, path,
                       "has neither model.safetensors.index.json nor model.safetensors; give the "
                       "model file");
        return false;
    }
    return model_files_open(sink, files, single, REIN_MODEL_FORMAT_SAFETENSORS) &&
           describe_safetensors(sink, request, files, target);
}
