#include "cli/models/formats.h"

static void append(arena *memory, model_files *target, model_file *file) {
    target->files =
        arena_grow(memory, target->files, target->count, &target->capacity, sizeof *target->files);
    target->files[target->count++] = file;
}

bool model_files_open(diagnostics *sink, model_files *target, const char *path,
                      rein_model_format format) {
    model_file *file = arena_allocate(sink->memory, 1, sizeof *file);
    if (!model_file_open(sink, path, file)) {
        return false;
    }
    append(sink->memory, target, file);
    if (file->format != format) {
        report_in_file(sink, path, "has the format %s; all files of a model must have one format",
                       rein_model_format_name(file->format));
        return false;
    }
    return true;
}

model_file *model_files_open_any(diagnostics *sink, model_files *target, const char *path) {
    model_file *file = arena_allocate(sink->memory, 1, sizeof *file);
    if (!model_file_open_any(sink, path, file)) {
        return NULL;
    }
    append(sink->memory, target, file);
    return file;
}
