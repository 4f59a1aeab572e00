#include "cli/models/formats.h"

#include "cli/base/numbers.h"

/* Up to this size of all files, sums of sizes and of elements fit in 64 bits, because an element
 * takes at least one bit. */
static const uint64_t largest_bytes = UINT64_C(1) << 60;

/* Appends an open file. Reports that the files are too large and returns false. */
static bool append(diagnostics *sink, model_files *target, model_file *file) {
    target->files = arena_grow(sink->memory, target->files, target->count, &target->capacity,
                               sizeof(model_file *));
    target->files[target->count++] = file;
    if (file->source.size_bytes > largest_bytes - target->size_bytes) {
        report_in_file(sink, file->path, "makes the files of the model larger than %s",
                       exact_bytes(sink->memory, largest_bytes));
        return false;
    }
    target->size_bytes += file->source.size_bytes;
    return true;
}

typedef bool (*open_function)(diagnostics *sink, const char *path, model_file *out_file);

/* Opens a file and appends it. Reports an error and returns NULL. */
static model_file *open_with(open_function open, diagnostics *sink, model_files *target,
                             const char *path) {
    model_file *file = arena_allocate(sink->memory, 1, sizeof *file);
    return open(sink, path, file) && append(sink, target, file) ? file : NULL;
}

bool model_files_open(diagnostics *sink, model_files *target, const char *path,
                      rein_model_format format) {
    const model_file *file = open_with(model_file_open, sink, target, path);
    if (file == NULL) {
        return false;
    }
    target->format = format == REIN_MODEL_FORMAT_UNKNOWN ? file->format : format;
    if (file->format != target->format) {
        report_in_file(sink, path, "has the format %s; all files of a model must have one format",
                       rein_model_format_name(file->format));
        return false;
    }
    return true;
}

model_file *model_files_open_any(diagnostics *sink, model_files *target, const char *path) {
    return open_with(model_file_open_any, sink, target, path);
}
