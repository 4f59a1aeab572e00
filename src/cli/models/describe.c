#include <string.h>
#include <sys/stat.h>

#include "cli/models/config_state.h"
#include "cli/read/engine_option.h"

static bool is_directory(const char *path) {
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

static bool open_files(diagnostics *sink, const describe_request *request, model_files *files) {
    for (size_t index = 0; index < request->path_count; index++) {
        if (!model_files_open(sink, files, request->paths[index], files->format)) {
            return false;
        }
    }
    return true;
}

/* Options of an engine that decide anything for a model of the format; bit N is engine_option N. */
static uint32_t options_of(rein_model_format format) {
    if (format == REIN_MODEL_FORMAT_GGUF) {
        return UINT32_MAX;
    }
    return format == REIN_MODEL_FORMAT_SAFETENSORS ? CONFIG_STATE_OPTIONS : 0;
}

/* Returns "; use one of: ..." with the options that apply to the format, or "" if none does. */
static const char *applicable_options(arena *memory, const describe_request *request,
                                      rein_model_format format) {
    const char *list = "";
    for (size_t index = 0; index < ENGINE_OPTION_COUNT; index++) {
        if ((options_of(format) >> index & 1U) != 0) {
            list = arena_print(memory, "%s%s%s", list, *list == '\0' ? "; use one of: " : ", ",
                               request->option_names[index]);
        }
    }
    return list;
}

/* Reports an option that does not apply to the format, and returns false. */
static bool check_options(diagnostics *sink, const describe_request *request,
                          rein_model_format format) {
    uint32_t stray = request->stated_options & ~options_of(format);
    for (size_t index = 0; index < ENGINE_OPTION_COUNT; index++) {
        if ((stray >> index & 1U) != 0) {
            report_in_file(sink, request->paths[0],
                           "%s does not apply to models in the format %s%s",
                           request->option_names[index], rein_model_format_name(format),
                           applicable_options(sink->memory, request, format));
            return false;
        }
    }
    if (request->binding_count > 0 && format != REIN_MODEL_FORMAT_ONNX) {
        report_in_file(sink, request->paths[0], "models in the format %s have no symbols to bind",
                       rein_model_format_name(format));
        return false;
    }
    return true;
}

static bool describe_files(diagnostics *sink, const describe_request *request, model_files *files,
                           model_description *target) {
    if (!open_files(sink, request, files) || !check_options(sink, request, files->format)) {
        return false;
    }
    target->format = files->format;
    if (target->format == REIN_MODEL_FORMAT_GGUF) {
        return describe_gguf(sink, request, files, target);
    }
    return target->format == REIN_MODEL_FORMAT_SAFETENSORS
               ? describe_safetensors(sink, request, files, target)
               : describe_onnx(sink, request, files, target);
}

static bool describe_paths(diagnostics *sink, const describe_request *request, model_files *files,
                           model_description *target) {
    if (!is_directory(request->paths[0])) {
        return describe_files(sink, request, files, target);
    }
    if (request->path_count > 1) {
        report_in_file(sink, request->paths[1],
                       "cannot be combined with a directory; the directory is the whole model");
        return false;
    }
    return check_options(sink, request, REIN_MODEL_FORMAT_SAFETENSORS) &&
           describe_directory(sink, request, files, target);
}

/* Sorts the types by their size, the largest first. Files have few types. */
static void sort_types(model_description *target) {
    for (size_t index = 1; index < target->type_count; index++) {
        weight_type moved = target->types[index];
        size_t at = index;
        for (; at > 0 && target->types[at - 1].size_bytes < moved.size_bytes; at--) {
            target->types[at] = target->types[at - 1];
        }
        target->types[at] = moved;
    }
}

struct opened_model {
    describe_request request;
    model_files files;
};

void model_close(opened_model *opened) {
    for (size_t index = 0; index < opened->files.count; index++) {
        model_file_close(opened->files.files[index]);
    }
    opened->files.count = 0;
}

opened_model *model_open(diagnostics *sink, const describe_request *request,
                         model_description *out_description) {
    opened_model *opened = arena_allocate(sink->memory, 1, sizeof *opened);
    model_description described = {.format = REIN_MODEL_FORMAT_UNKNOWN};
    opened->request = *request;
    opened->files.format = REIN_MODEL_FORMAT_UNKNOWN;
    if (!describe_paths(sink, request, &opened->files, &described)) {
        model_close(opened);
        return NULL;
    }
    for (size_t index = 0; index < opened->files.count; index++) {
        description_add_file(sink->memory, &described, opened->files.files[index]->path);
    }
    sort_types(&described);
    *out_description = described;
    return opened;
}

bool model_describe(diagnostics *sink, const describe_request *request,
                    model_description *out_description) {
    opened_model *opened = model_open(sink, request, out_description);
    if (opened == NULL) {
        return false;
    }
    model_close(opened);
    return true;
}

/* Removes the state and the context from a description. The lists of another description with the
 * same elements stay as they are. */
static void forget_state(arena *memory, model_description *target) {
    const unknown_fact *unknowns = target->unknowns;
    size_t count = target->unknown_count;
    target->unknowns = NULL;
    target->unknown_count = 0;
    target->unknown_capacity = 0;
    for (size_t index = 0; index < count; index++) {
        const unknown_fact *unknown = &unknowns[index];
        if (strcmp(unknown->fact, rein_memory_fact_name(REIN_MEMORY_STATE)) != 0 &&
            strcmp(unknown->fact, rein_memory_fact_name(REIN_MEMORY_CONTEXT)) != 0) {
            description_add_unknown(memory, target, unknown->fact, unknown->why);
        }
    }
    target->state = (rein_model_state){.total_bytes = rein_fact_u64_unknown()};
    target->context = (rein_model_context){.tokens = rein_fact_u64_unknown()};
}

bool model_describe_state(diagnostics *sink, opened_model *opened,
                          const rein_engine_options *options, model_description *target) {
    describe_request request = opened->request;
    const model_files *files = &opened->files;
    model_description described = *target;
    request.options = *options;
    if (files->metadata == NULL) {
        return true;
    }
    forget_state(sink->memory, &described);
    bool is_described = files->config == NULL
                            ? describe_gguf_state(sink, &request, files, &described)
                            : describe_config_sizes(sink, &request, files, &described);
    if (is_described) {
        *target = described;
    }
    return is_described;
}

bool model_check_reads(diagnostics *sink, const opened_model *opened) {
    for (size_t index = 0; index < opened->files.count; index++) {
        const model_file *file = opened->files.files[index];
        if (file->has_failed) {
            return refuse_model_file(sink, file, &file->failure);
        }
    }
    return true;
}

bool model_is_at(diagnostics *sink, const char *path, bool *out_is_model) {
    rein_model_format format = REIN_MODEL_FORMAT_UNKNOWN;
    bool is_read = model_file_format(sink, path, &format);
    *out_is_model = format != REIN_MODEL_FORMAT_UNKNOWN || is_directory(path);
    return is_read;
}
