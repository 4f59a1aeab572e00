#include "cli/models/gguf_parts.h"

#include <inttypes.h>
#include <string.h>

#include "cli/base/path.h"
#include "cli/models/read_workspace.h"

/* Sets `out_number` to the integer at `key`, if there is one. */
static bool read_number(diagnostics *sink, const gguf_part *part, const char *key,
                        uint64_t *out_number) {
    const rein_gguf_entry *entry = rein_gguf_find(&part->gguf, key);
    if (entry == NULL) {
        return true;
    }
    rein_result_gguf_integer number = rein_gguf_read_integer(&part->gguf, entry, 0);
    if (!number.is_ok) {
        return refuse_model_file(sink, part->file, &number.as.error);
    }
    *out_number = number.as.value.is_negative ? 0 : number.as.value.magnitude;
    return true;
}

static bool read_part(diagnostics *sink, const model_file *file, gguf_part *out_part) {
    rein_workspace workspace;
    if (!read_workspace_make(sink, file, rein_gguf_workspace_bytes(&file->source), &workspace)) {
        return false;
    }
    rein_result_gguf read = rein_gguf_read(&file->source, workspace);
    if (!read.is_ok) {
        return refuse_model_file(sink, file, &read.as.error);
    }
    *out_part = (gguf_part){.file = file, .gguf = read.as.value, .split_count = 1};
    return read_number(sink, out_part, "split.count", &out_part->split_count) &&
           read_number(sink, out_part, "split.no", &out_part->split_index);
}

static bool read_all(diagnostics *sink, const model_files *files, gguf_parts *out_parts) {
    out_parts->count = files->count;
    out_parts->parts = arena_allocate(sink->memory, files->count, sizeof *out_parts->parts);
    for (size_t index = 0; index < files->count; index++) {
        if (!read_part(sink, files->files[index], &out_parts->parts[index])) {
            return false;
        }
    }
    return true;
}

/* Opens the parts after the first, whose names differ from its name in their number:
 * NAME-00001-of-00003.gguf. */
static bool open_other_parts(diagnostics *sink, const gguf_part *first, model_files *files) {
    const char *path = first->file->path;
    const char *end = arena_print(sink->memory, "-00001-of-%05" PRIu64 ".gguf", first->split_count);
    if (!path_ends_in(path, end)) {
        report_in_file(sink, path,
                       "is the first of %" PRIu64 " parts, and its name does not end in %s; name "
                       "all parts in order",
                       first->split_count, end);
        return false;
    }
    size_t stem = strlen(path) - strlen(end);
    for (uint64_t number = 2; number <= first->split_count; number++) {
        const char *next = arena_print(sink->memory, "%.*s-%05" PRIu64 "-of-%05" PRIu64 ".gguf",
                                       (int)stem, path, number, first->split_count);
        if (!model_files_open(sink, files, next, REIN_MODEL_FORMAT_GGUF)) {
            return false;
        }
    }
    return true;
}

/* Returns the only part of a split model that the user named, if it is the first. */
static const gguf_part *lonely_first_part(const gguf_parts *read) {
    const gguf_part *first = NULL;
    for (size_t index = 0; index < read->count; index++) {
        const gguf_part *part = &read->parts[index];
        if (part->split_count > 1) {
            if (first != NULL || part->split_index != 0) {
                return NULL;
            }
            first = part;
        }
    }
    return first;
}

bool gguf_parts_read(diagnostics *sink, model_files *files, gguf_parts *out_parts) {
    if (!read_all(sink, files, out_parts)) {
        return false;
    }
    const gguf_part *first = lonely_first_part(out_parts);
    if (first == NULL) {
        return true;
    }
    return open_other_parts(sink, first, files) && read_all(sink, files, out_parts);
}
