/* Writes GGUF files into memory, sound or not. */
#ifndef REIN_TESTS_MODELS_GGUF_WRITER_H
#define REIN_TESTS_MODELS_GGUF_WRITER_H

#include <stdlib.h>
#include <string.h>

#include "models/gguf.h"

enum { GGUF_WRITER_CAPACITY = 1 << 20 };

typedef struct gguf_writer {
    unsigned char bytes[GGUF_WRITER_CAPACITY];
    size_t length;
} gguf_writer;

static inline void put_bytes(gguf_writer *writer, const void *bytes, size_t count) {
    if (count > sizeof writer->bytes - writer->length) {
        abort();
    }
    memcpy(writer->bytes + writer->length, bytes, count);
    writer->length += count;
}

/* Writes the lowest bytes of a number. */
static inline void put_number(gguf_writer *writer, uint64_t number, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        unsigned char byte = (unsigned char)(number >> (8 * i));
        put_bytes(writer, &byte, 1);
    }
}

static inline void put_u32(gguf_writer *writer, uint32_t number) {
    put_number(writer, number, sizeof number);
}

static inline void put_u64(gguf_writer *writer, uint64_t number) {
    put_number(writer, number, sizeof number);
}

static inline void put_string_of(gguf_writer *writer, const void *bytes, size_t count) {
    put_u64(writer, count);
    put_bytes(writer, bytes, count);
}

static inline void put_string(gguf_writer *writer, const char *text) {
    put_string_of(writer, text, strlen(text));
}

/* Begins a file of version 3. */
static inline void put_head(gguf_writer *writer, uint64_t tensor_count, uint64_t key_count) {
    writer->length = 0;
    put_bytes(writer, "GGUF", 4);
    put_u32(writer, 3);
    put_u64(writer, tensor_count);
    put_u64(writer, key_count);
}

/* Writes a key and the type of its value, which follows. */
static inline void put_key(gguf_writer *writer, const char *key, uint32_t type) {
    put_string(writer, key);
    put_u32(writer, type);
}

/* Writes a key and the head of an array, whose elements follow. */
static inline void put_array_key(gguf_writer *writer, const char *key, uint32_t type,
                                 uint64_t count) {
    put_key(writer, key, REIN_GGUF_ARRAY);
    put_u32(writer, type);
    put_u64(writer, count);
}

static inline void put_text_key(gguf_writer *writer, const char *key, const char *text) {
    put_key(writer, key, REIN_GGUF_STRING);
    put_string(writer, text);
}

static inline void put_u32_key(gguf_writer *writer, const char *key, uint32_t number) {
    put_key(writer, key, REIN_GGUF_UINT32);
    put_u32(writer, number);
}

/* Writes the info of a tensor with up to four extents. */
static inline void put_tensor(gguf_writer *writer, const char *name, uint32_t rank,
                              const uint64_t *extents, uint32_t type, uint64_t offset) {
    put_string(writer, name);
    put_u32(writer, rank);
    for (uint32_t i = 0; i < rank; i++) {
        put_u64(writer, extents[i]);
    }
    put_u32(writer, type);
    put_u64(writer, offset);
}

/* Writes the info of a tensor of `count` numbers of 4 bytes. */
static inline void put_row(gguf_writer *writer, const char *name, uint64_t count, uint64_t offset) {
    put_tensor(writer, name, 1, &count, 0, offset);
}

#endif
