/* Safetensors and their index. The first two bytes are the bytes of data, the others are the header
 * and, a second time, an index. Everything in a file that is read lies within the file, names occur
 * once, and reading again gives the same. */
#include <string.h>

#include "fuzz.h"
#include "models/memory_file.h"
#include "models/safetensors_index.h"

enum { HEADER_BYTES_MAX = 1 << 16, LENGTH_BYTES = 8 };

static unsigned char bytes[LENGTH_BYTES + HEADER_BYTES_MAX];

/* A file with its workspace of exactly the needed bytes. */
typedef struct read_file {
    void *memory;
    size_t memory_bytes;
    rein_safetensors safetensors;
} read_file;

/* Reads the file. Returns false if it is refused. The caller frees the memory. */
static bool read_once(const rein_model_file *file, read_file *out_file) {
    out_file->memory = NULL;
    rein_result_bytes needed = rein_safetensors_workspace_bytes(file);
    if (!needed.is_ok) {
        return false;
    }
    out_file->memory_bytes = needed.as.value;
    out_file->memory = calloc(1, needed.as.value + 1);
    rein_workspace workspace = {out_file->memory, needed.as.value};
    rein_result_safetensors result = rein_safetensors_read(file, workspace);
    if (!result.is_ok) {
        require(result.as.error.numbers[0] <= file->size_bytes, "an error is within the file");
        return false;
    }
    out_file->safetensors = result.as.value;
    return true;
}

/* A text can be read, and begins as its copy does. */
static void require_text(const rein_model_file *file, const rein_safetensors_text *text,
                         const char *kept, size_t capacity) {
    static char whole[HEADER_BYTES_MAX + 1];
    rein_result_bytes size = rein_safetensors_read_text(file, text, whole, sizeof whole);
    require(size.is_ok && size.as.value == text->size_bytes, "a text can be read");
    if (kept != NULL) {
        size_t length = strlen(kept);
        require(length < capacity && memcmp(whole, kept, length) == 0, "a text has a copy");
    }
}

static void require_tensors(const rein_safetensors *model) {
    uint64_t sum = 0;
    for (size_t i = 0; i < model->tensor_count; i++) {
        const rein_safetensors_tensor *tensor = &model->tensors[i];
        require_text(model->file, &tensor->name_text, tensor->name, sizeof tensor->name);
        require(rein_safetensors_dtype_bits(tensor->dtype) > 0, "a tensor has a dtype");
        require(tensor->offset_bytes <= model->tensor_bytes &&
                    tensor->size_bytes <= model->tensor_bytes - tensor->offset_bytes,
                "a tensor lies within the data");
        bool is_plain = strlen(tensor->name) == tensor->name_text.size_bytes;
        require(!is_plain || rein_safetensors_find_tensor(model, tensor->name) == tensor,
                "a name occurs once");
        sum += tensor->size_bytes;
    }
    require(sum == model->tensor_bytes, "the tensors cover the data");
    require(model->data_offset + sum == model->file->size_bytes, "the file ends with the data");
}

static void read_safetensors(const rein_model_file *file) {
    read_file first;
    read_file second;
    bool is_read = read_once(file, &first);
    require(read_once(file, &second) == is_read, "reading again gives the same answer");
    if (is_read) {
        require_tensors(&first.safetensors);
        for (size_t i = 0; i < first.safetensors.entry_count; i++) {
            const rein_safetensors_entry *entry = &first.safetensors.entries[i];
            require_text(file, &entry->key_text, entry->key, sizeof entry->key);
            require_text(file, &entry->value_text, NULL, 0);
        }
        require(first.memory_bytes == second.memory_bytes &&
                    memcmp(first.safetensors.tensors, second.safetensors.tensors,
                           first.safetensors.tensor_count * sizeof(rein_safetensors_tensor)) == 0,
                "reading again gives the same tensors");
    }
    free(first.memory);
    free(second.memory);
}

static void require_index(const rein_safetensors_index *index) {
    size_t sum = 0;
    for (size_t i = 0; i < index->shard_count; i++) {
        const char *name = index->shards[i].name;
        require(name[0] != '\0' && strchr(name, '/') == NULL && strcmp(name, "..") != 0,
                "a shard is a plain file name");
        require(index->shards[i].tensor_count > 0, "a shard has tensors");
        sum += index->shards[i].tensor_count;
        for (size_t k = 0; k < i; k++) {
            require(strcmp(name, index->shards[k].name) != 0, "a shard occurs once");
        }
    }
    require(sum == index->tensor_count, "each tensor has a shard");
    for (size_t i = 0; i < index->tensor_count; i++) {
        const rein_safetensors_index_tensor *tensor = &index->tensors[i];
        require(tensor->shard < index->shard_count, "a tensor has a shard");
        require_text(index->file, &tensor->name_text, tensor->name, sizeof tensor->name);
    }
}

static void read_index(const rein_model_file *file) {
    rein_result_bytes needed = rein_safetensors_index_workspace_bytes(file);
    if (!needed.is_ok) {
        return;
    }
    void *memory = malloc(needed.as.value + 1);
    rein_workspace workspace = {memory, needed.as.value};
    rein_result_safetensors_index result = rein_safetensors_index_read(file, workspace);
    if (result.is_ok) {
        require_index(&result.as.value);
    } else {
        require(result.as.error.numbers[0] <= file->size_bytes, "an error is within the file");
    }
    free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2 || size - 2 > HEADER_BYTES_MAX) {
        return 0;
    }
    uint64_t data_bytes = (uint64_t)data[0] | (uint64_t)data[1] << 8;
    size_t length = size - 2;
    for (size_t i = 0; i < LENGTH_BYTES; i++) {
        bytes[i] = (unsigned char)((uint64_t)length >> 8 * i);
    }
    memcpy(bytes + LENGTH_BYTES, data + 2, length);
    memory_file header = {.bytes = bytes,
                          .byte_count = LENGTH_BYTES + length,
                          .size_bytes = LENGTH_BYTES + length + data_bytes};
    rein_model_file file = memory_file_of(&header);
    read_safetensors(&file);
    require(!header.has_read_outside, "nothing outside the file is read");
    memory_file text = {.bytes = data + 2, .byte_count = length, .size_bytes = length};
    rein_model_file index = memory_file_of(&text);
    read_index(&index);
    require(!text.has_read_outside, "nothing outside the index is read");
    return 0;
}
