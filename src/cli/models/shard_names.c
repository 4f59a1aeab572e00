#include "cli/models/shard_names.h"

#include <stdlib.h>
#include <string.h>

#include "cli/base/text.h"

typedef struct shard_name {
    const rein_safetensors_tensor *tensor;
    size_t file; /* its index */
} shard_name;

static int compare_numbers(uint64_t left, uint64_t right) {
    return left < right ? -1 : left > right;
}

/* Compares names by their hashes, their sizes and the bytes that are kept of them. */
static int compare_names(const shard_name *left, const shard_name *right) {
    const rein_safetensors_text *first = &left->tensor->name_text;
    const rein_safetensors_text *second = &right->tensor->name_text;
    int order = compare_numbers(first->hash, second->hash);
    if (order == 0) {
        order = compare_numbers(first->size_bytes, second->size_bytes);
    }
    return order == 0 ? strcmp(left->tensor->name, right->tensor->name) : order;
}

static int compare(const void *left, const void *right) {
    const shard_name *first = left;
    const shard_name *second = right;
    int order = compare_names(first, second);
    return order == 0 ? compare_numbers(first->file, second->file) : order;
}

static shard_name *list_names(arena *memory, const rein_safetensors *read, size_t count,
                              size_t *out_name_count) {
    size_t name_count = 0;
    for (size_t file = 0; file < count; file++) {
        name_count += read[file].tensor_count;
    }
    shard_name *names = arena_allocate(memory, name_count, sizeof *names);
    *out_name_count = name_count;
    shard_name *next = names;
    for (size_t file = 0; file < count; file++) {
        for (size_t at = 0; at < read[file].tensor_count; at++) {
            *next++ = (shard_name){.tensor = &read[file].tensors[at], .file = file};
        }
    }
    return names;
}

bool shard_names_check(diagnostics *sink, model_file *const *files, const rein_safetensors *read,
                       size_t count) {
    size_t name_count;
    shard_name *names = list_names(sink->memory, read, count, &name_count);
    qsort(names, name_count, sizeof *names, compare);
    for (size_t index = 1; index < name_count; index++) {
        const shard_name *first = &names[index - 1];
        const shard_name *again = &names[index];
        if (compare_names(first, again) == 0) {
            report_in_file(sink, files[again->file]->path,
                           "tensor %s is also in %s; give files that share no tensor",
                           text_quote(sink->memory, again->tensor->name),
                           text_quote(sink->memory, files[first->file]->path));
            return false;
        }
    }
    return true;
}
