#include "models/safetensors.h"

#include <string.h>

#include "host/base/arena.h"
#include "host/contract/invalid.h"
#include "host/contract/lifetime_input.h"
#include "host/models/file_check.h"
#include "host/models/json_reader.h"
#include "host/models/json_string.h"
#include "host/models/json_text.h"
#include "host/models/malformed.h"
#include "host/models/safetensors_header.h"

/* The analyser of gcc does not know that a workspace that was checked is not NULL. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-null-dereference"
#endif

/* The parts of the workspace. */
typedef struct safetensors_space {
    rein_safetensors_tensor *tensors;
    rein_safetensors_entry *entries;
    keyed_index *order; /* as many as tensors, or keys if there are more */
    keyed_index *scratch;
} safetensors_space;

/* Places the parts in the arena, which may only count. */
static safetensors_space place(arena *memory, const safetensors_header *header) {
    size_t tensors = header->tensor_capacity;
    size_t entries = header->entry_capacity;
    size_t most = tensors > entries ? tensors : entries;
    return (safetensors_space){
        .tensors = arena_take(memory, tensors, sizeof(rein_safetensors_tensor)),
        .entries = arena_take(memory, entries, sizeof(rein_safetensors_entry)),
        .order = arena_take(memory, most, sizeof(keyed_index)),
        .scratch = arena_take(memory, most, sizeof(keyed_index)),
    };
}

/* Counts what the header has. Sets the bytes of workspace that it needs. */
static rein_result_void measure(const rein_model_file *file, safetensors_header *out_header,
                                uint64_t *out_bytes) {
    REIN_TRY(rein_result_void, rein_i_safetensors_header_begin(file, out_header));
    REIN_TRY(rein_result_void, rein_i_safetensors_header_count(out_header));
    arena memory = {NULL, 0};
    (void)place(&memory, out_header);
    *out_bytes = memory.used_bytes;
    return rein_done();
}

rein_result_bytes rein_safetensors_workspace_bytes(const rein_model_file *file) {
    safetensors_header header;
    uint64_t bytes = 0;
    REIN_TRY(rein_result_bytes, measure(file, &header, &bytes));
    return rein_result_bytes_ok(bytes);
}

static json_text tensor_name(const void *self, size_t index) {
    const safetensors_header *header = self;
    const rein_safetensors_tensor *tensor = &header->tensors[index];
    return (json_text){header->file, &tensor->name_text, tensor->name};
}

static json_text entry_key(const void *self, size_t index) {
    const safetensors_header *header = self;
    const rein_safetensors_entry *entry = &header->entries[index];
    return (json_text){header->file, &entry->key_text, entry->key};
}

/* Sorts the tensors by the begin of their data, an empty tensor before others with its begin. */
static void sort_by_offset(const safetensors_header *header, const safetensors_space *space) {
    size_t count = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < header->tensor_count; i++) {
            const rein_safetensors_tensor *tensor = &header->tensors[i];
            if ((tensor->size_bytes > 0) == (pass == 1)) {
                /* The workspace was checked: not NULL.
                 * NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
                space->order[count++] = (keyed_index){tensor->offset_bytes, i};
            }
        }
    }
    (void)rein_i_radix_sort(space->order, count, space->scratch, NULL, NULL);
}

/* Checks that the data of the tensors follow each other, up to the end of the file. */
static rein_result_void check_coverage(const safetensors_header *header,
                                       const safetensors_space *space) {
    sort_by_offset(header, space);
    uint64_t end = 0;
    for (size_t i = 0; i < header->tensor_count; i++) {
        /* The workspace was checked: not NULL.
         * NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
        const rein_safetensors_tensor *tensor = &header->tensors[space->order[i].index];
        if (tensor->offset_bytes != end) {
            return rein_i_malformed(
                REIN_HERE,
                "at byte {u}: the data of '{text}' begin at {u}, but those before end at {u}",
                tensor->name_text.offset - 1, tensor->offset_bytes, end, tensor->name);
        }
        end += tensor->size_bytes;
    }
    uint64_t data_bytes = header->file->size_bytes - header->end;
    if (end != data_bytes) {
        return rein_i_invalid(
            REIN_HERE, "at byte {u}: the file has {u} bytes of data, but its tensors have {u}",
            header->end, data_bytes, end);
    }
    return rein_done();
}

static rein_result_void check_all(const safetensors_header *header,
                                  const safetensors_space *space) {
    json_texts keys = {.at = entry_key, .self = header, .count = header->entry_count};
    REIN_TRY(rein_result_void, rein_i_json_texts_check_unique(&keys, space->order, space->scratch));
    json_texts names = {.at = tensor_name, .self = header, .count = header->tensor_count};
    REIN_TRY(rein_result_void,
             rein_i_json_texts_check_unique(&names, space->order, space->scratch));
    return check_coverage(header, space);
}

rein_result_safetensors rein_safetensors_read(const rein_model_file *file,
                                              rein_workspace workspace) {
    safetensors_header header;
    uint64_t needed = 0;
    REIN_TRY(rein_result_safetensors, measure(file, &header, &needed));
    REIN_TRY(rein_result_safetensors, rein_i_workspace_check(workspace, needed, REIN_HERE));
    arena memory = {workspace.memory, 0};
    safetensors_space space = place(&memory, &header);
    header.tensors = space.tensors;
    header.entries = space.entries;
    REIN_TRY(rein_result_safetensors, rein_i_safetensors_header_read(&header));
    REIN_TRY(rein_result_safetensors, check_all(&header, &space));
    return rein_result_safetensors_ok((rein_safetensors){
        .file = file,
        .data_offset = header.end,
        .tensor_bytes = file->size_bytes - header.end,
        .entries = header.entries,
        .entry_count = header.entry_count,
        .tensors = header.tensors,
        .tensor_count = header.tensor_count,
    });
}

const rein_safetensors_tensor *rein_safetensors_find_tensor(const rein_safetensors *safetensors,
                                                            const char *name) {
    size_t length = name == NULL ? 0 : strlen(name);
    size_t count = safetensors == NULL || name == NULL ? 0 : safetensors->tensor_count;
    for (size_t i = 0; i < count; i++) {
        const rein_safetensors_tensor *tensor = &safetensors->tensors[i];
        if (tensor->name_text.size_bytes == length && length < REIN_SAFETENSORS_NAME_CAPACITY &&
            memcmp(tensor->name, name, length) == 0) {
            return tensor;
        }
    }
    return NULL;
}

static rein_result_void check_text(const rein_model_file *file, const rein_safetensors_text *text,
                                   const char *buffer, size_t capacity) {
    REIN_TRY(rein_result_void, rein_i_model_file_check(file, REIN_HERE));
    if (text == NULL || (buffer == NULL && capacity > 0)) {
        return rein_i_invalid(REIN_HERE, "the text and the buffer" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    if (text->offset > file->size_bytes) {
        return rein_i_invalid(REIN_HERE, "at byte {u}: the text is not in the file", text->offset,
                              0, 0);
    }
    return rein_done();
}

rein_result_bytes rein_safetensors_read_text(const rein_model_file *file,
                                             const rein_safetensors_text *text, char *buffer,
                                             size_t capacity) {
    REIN_TRY(rein_result_bytes, check_text(file, text, buffer, capacity));
    json_reader reader;
    char none[1];
    rein_i_json_reader_init(&reader, file, text->offset, file->size_bytes,
                            capacity == 0 ? none : buffer, capacity == 0 ? 1 : capacity);
    json_token token = {.kind = JSON_STRING};
    if (!rein_i_json_read_string(&reader, &token)) {
        return rein_result_bytes_fail(reader.failure);
    }
    return rein_result_bytes_ok(token.text.size_bytes);
}
