/* Files with JSON for the tests of the readers. */
#ifndef REIN_TESTS_MODELS_JSON_FILE_H
#define REIN_TESTS_MODELS_JSON_FILE_H

#include <criterion/criterion.h>

#include "memory_file.h"

enum { JSON_FILE_CAPACITY = 1 << 16 };

/* A file, and room for its bytes. */
typedef struct json_file {
    unsigned char bytes[JSON_FILE_CAPACITY];
    memory_file memory;
    rein_model_file file;
} json_file;

static inline rein_model_file *json_file_finish(json_file *file, size_t byte_count,
                                                uint64_t size_bytes) {
    file->memory =
        (memory_file){.bytes = file->bytes, .byte_count = byte_count, .size_bytes = size_bytes};
    file->file = memory_file_of(&file->memory);
    return &file->file;
}

/* Makes a file of the text. */
static inline rein_model_file *json_file_of(json_file *file, const char *text) {
    size_t length = strlen(text);
    cr_assert(length <= sizeof file->bytes);
    memcpy(file->bytes, text, length);
    return json_file_finish(file, length, length);
}

/* Makes a safetensors file of a header of `length` bytes, and data of so many bytes. */
static inline rein_model_file *safetensors_file_of_bytes(json_file *file, const char *header,
                                                         size_t length, uint64_t data_bytes) {
    cr_assert(length + 8 <= sizeof file->bytes);
    for (size_t i = 0; i < 8; i++) {
        file->bytes[i] = (unsigned char)((uint64_t)length >> 8 * i);
    }
    memcpy(file->bytes + 8, header, length);
    return json_file_finish(file, length + 8, length + 8 + data_bytes);
}

/* Makes a safetensors file of a header in JSON, and data of so many bytes. */
static inline rein_model_file *safetensors_file_of(json_file *file, const char *header,
                                                   uint64_t data_bytes) {
    return safetensors_file_of_bytes(file, header, strlen(header), data_bytes);
}

#endif
