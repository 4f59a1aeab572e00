/* Writes messages of Protocol Buffers, for tests. */
#ifndef REIN_TESTS_MODELS_PROTOBUF_WRITER_H
#define REIN_TESTS_MODELS_PROTOBUF_WRITER_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BLOCK = 2, WIRE_GROUP = 3, WIRE_FIXED32 = 5 };

/* A message. Its memory is never freed: each test is a process of its own. */
typedef struct message {
    unsigned char *bytes;
    size_t size;
    size_t capacity;
} message;

/* Keeps the memory reachable for the leak checker. */
static void *message_memory[1 << 16];
static size_t message_memory_count;

static inline void put_bytes(message *to, const void *bytes, size_t size) {
    if (to->size + size > to->capacity) {
        size_t capacity = 2 * (to->size + size);
        unsigned char *memory = malloc(capacity);
        if (memory == NULL || message_memory_count == 1 << 16) {
            abort();
        }
        message_memory[message_memory_count++] = memory;
        if (to->size > 0) {
            memcpy(memory, to->bytes, to->size);
        }
        to->bytes = memory;
        to->capacity = capacity;
    }
    if (size > 0) {
        memcpy(to->bytes + to->size, bytes, size);
    }
    to->size += size;
}

static inline void put_byte(message *to, unsigned byte) {
    unsigned char written = (unsigned char)byte;
    put_bytes(to, &written, 1);
}

static inline void put_varint(message *to, uint64_t number) {
    for (; number >= 0x80; number >>= 7) {
        put_byte(to, (unsigned)(number & 0x7F) | 0x80U);
    }
    put_byte(to, (unsigned)number);
}

static inline void put_tag(message *to, uint64_t field, unsigned wire) {
    put_varint(to, field << 3 | wire);
}

static inline void put_integer(message *to, uint64_t field, uint64_t number) {
    put_tag(to, field, WIRE_VARINT);
    put_varint(to, number);
}

static inline void put_block(message *to, uint64_t field, const void *bytes, size_t size) {
    put_tag(to, field, WIRE_BLOCK);
    put_varint(to, size);
    put_bytes(to, bytes, size);
}

static inline void put_text(message *to, uint64_t field, const char *text) {
    put_block(to, field, text, strlen(text));
}

static inline void put_message(message *to, uint64_t field, message content) {
    put_block(to, field, content.bytes, content.size);
}

static inline void put_zeros(message *to, uint64_t field, size_t size) {
    static const unsigned char zeros[1 << 16];
    put_block(to, field, zeros, size);
}

#endif
