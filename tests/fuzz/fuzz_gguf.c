/* GGUF files. Everything in a file that is read lies within the file and can be read, keys and
 * names occur once, and reading again gives the same. */
#include <string.h>

#include "fuzz.h"
#include "models/gguf.h"
#include "models/memory_file.h"

/* Reads the file into a workspace of exactly the needed bytes, which the caller frees. Returns
 * false if it is refused. */
static bool read_file(const rein_model_file *file, rein_gguf *out_gguf, void **out_memory) {
    *out_memory = NULL;
    rein_result_bytes needed = rein_gguf_workspace_bytes(file);
    if (!needed.is_ok) {
        return false;
    }
    *out_memory = malloc(needed.as.value);
    rein_workspace workspace = {*out_memory, needed.as.value};
    rein_result_gguf result = rein_gguf_read(file, workspace);
    if (!result.is_ok) {
        require(result.as.error.numbers[0] <= file->size_bytes, "an error is within the file");
        return false;
    }
    *out_gguf = result.as.value;
    return true;
}

static void require_value(const rein_gguf *gguf, const rein_gguf_entry *entry) {
    require(entry->value_offset <= gguf->data_offset, "a value is within the header");
    require(entry->is_array || entry->count == 1, "a value is one");
    bool is_integer = entry->type != REIN_GGUF_STRING && entry->type != REIN_GGUF_FLOAT32 &&
                      entry->type != REIN_GGUF_FLOAT64;
    bool has_integer = is_integer && entry->count > 0;
    require(rein_gguf_read_integer(gguf, entry, entry->count - 1).is_ok == has_integer,
            "the last integer can be read");
    char text[16];
    bool is_text = entry->type == REIN_GGUF_STRING && !entry->is_array;
    require(rein_gguf_read_text(gguf, entry, text, sizeof text).is_ok == is_text,
            "a text can be read");
}

static void require_entries(const rein_gguf *gguf) {
    uint64_t end = 24;
    for (size_t i = 0; i < gguf->entry_count; i++) {
        const rein_gguf_entry *entry = &gguf->entries[i];
        size_t length = strnlen(entry->key, sizeof entry->key);
        require(entry->key_bytes > 0, "a key is not empty");
        require(length == entry->key_bytes || length == sizeof entry->key - 1, "a key is whole");
        require(entry->value_offset > end, "values are in order");
        end = entry->value_offset;
        bool is_short = entry->key_bytes < sizeof entry->key;
        require(!is_short || rein_gguf_find(gguf, entry->key) == entry, "a key occurs once");
        require_value(gguf, entry);
    }
}

static void require_tensors(const rein_gguf *gguf) {
    uint64_t end = 0;
    uint64_t sum = 0;
    for (size_t i = 0; i < gguf->tensor_count; i++) {
        const rein_gguf_tensor *tensor = &gguf->tensors[i];
        require(rein_gguf_find_tensor(gguf, tensor->name) == tensor, "a tensor occurs once");
        require(rein_gguf_type_find(tensor->type) != NULL, "a tensor has a layout");
        require(tensor->offset_bytes >= end, "tensors do not overlap");
        require(tensor->offset_bytes % gguf->alignment_bytes == 0, "a tensor is aligned");
        end = tensor->offset_bytes + tensor->size_bytes;
        sum += tensor->size_bytes;
    }
    require(gguf->data_offset <= gguf->file->size_bytes, "the data begin within the file");
    require(end <= gguf->file->size_bytes - gguf->data_offset, "the data end within the file");
    require(sum == gguf->tensor_bytes, "the sizes add up");
}

static void require_same(const rein_gguf *left, const rein_gguf *right) {
    require(left->data_offset == right->data_offset && left->entry_count == right->entry_count &&
                left->tensor_count == right->tensor_count,
            "reading again gives the same file");
    for (size_t i = 0; i < left->entry_count; i++) {
        require(memcmp(&left->entries[i], &right->entries[i], sizeof left->entries[i]) == 0,
                "reading again gives the same keys");
    }
    for (size_t i = 0; i < left->tensor_count; i++) {
        require(memcmp(&left->tensors[i], &right->tensors[i], sizeof left->tensors[i]) == 0,
                "reading again gives the same tensors");
    }
}

/* Reads a file of `size_bytes` that begins with the data. */
static void read_twice(const uint8_t *data, size_t size, uint64_t size_bytes) {
    memory_file memory = {.bytes = data, .byte_count = size, .size_bytes = size_bytes};
    rein_model_file file = memory_file_of(&memory);
    rein_gguf first;
    rein_gguf second;
    void *memories[2];
    bool is_read = read_file(&file, &first, &memories[0]);
    require(read_file(&file, &second, &memories[1]) == is_read, "reading again ends the same");
    if (is_read) {
        require_entries(&first);
        require_tensors(&first);
        require_same(&first, &second);
    }
    require(!memory.has_read_outside, "only bytes of the file are read");
    free(memories[0]);
    free(memories[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    enum { DATA_BYTES = 1 << 17 };
    read_twice(data, size, size);
    read_twice(data, size, size + DATA_BYTES);
    return 0;
}
