#include "cli/base/arena.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/exit_code.h"

enum { BLOCK_BYTES = 64 * 1024 };

typedef struct block {
    struct block *previous;
    size_t used_bytes;
    size_t size_bytes;
    max_align_t memory[];
} block;

struct arena {
    block *last;
};

static pthread_rwlock_t ending = PTHREAD_RWLOCK_INITIALIZER;

void put_off_stop(void) {
    pthread_rwlock_rdlock(&ending);
}

void allow_stop(void) {
    pthread_rwlock_unlock(&ending);
}

void stop_without_memory(void) {
    pthread_rwlock_wrlock(&ending);
    fputs("rein: out of memory\n", stderr);
    exit(EXIT_CODE_BAD_INPUT);
}

arena *arena_create(void) {
    arena *memory = calloc(1, sizeof *memory);
    if (memory == NULL) {
        stop_without_memory();
    }
    return memory;
}

void arena_destroy(arena *memory) {
    for (block *last = memory->last; last != NULL;) {
        block *previous = last->previous;
        free(last);
        last = previous;
    }
    free(memory);
}

static void add_block(arena *memory, size_t bytes) {
    size_t size_bytes = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
    block *added = calloc(1, sizeof *added + size_bytes);
    if (added == NULL) {
        stop_without_memory();
    }
    added->size_bytes = size_bytes;
    added->previous = memory->last;
    memory->last = added;
}

void *arena_allocate(arena *memory, size_t count, size_t size_bytes) {
    size_t bytes = 0;
    const size_t alignment = sizeof(max_align_t);
    /* Up to PTRDIFF_MAX, the sums below do not overflow. */
    if (__builtin_mul_overflow(count, size_bytes, &bytes) || bytes > PTRDIFF_MAX) {
        stop_without_memory();
    }
    bytes = (bytes + alignment - 1) / alignment * alignment;
    if (memory->last == NULL || memory->last->size_bytes - memory->last->used_bytes < bytes) {
        add_block(memory, bytes);
    }
    char *allocated = (char *)memory->last->memory + memory->last->used_bytes;
    memory->last->used_bytes += bytes;
    return allocated;
}

void *arena_grow(arena *memory, void *elements, size_t count, size_t *capacity, size_t size_bytes) {
    if (count < *capacity) {
        return elements;
    }
    size_t larger = *capacity == 0 ? 8 : *capacity * 2;
    void *grown = arena_allocate(memory, larger, size_bytes);
    if (count > 0) {
        memcpy(grown, elements, count * size_bytes);
    }
    *capacity = larger;
    return grown;
}

void arena_append(arena *memory, growing_text *target, const char *text) {
    do {
        target->text = arena_grow(memory, target->text, target->length, &target->capacity, 1);
        target->text[target->length++] = *text;
    } while (*text++ != '\0');
    target->length--;
}

char *arena_copy(arena *memory, const char *text, size_t length) {
    char *copy = arena_allocate(memory, length + 1, 1);
    if (length > 0) {
        memcpy(copy, text, length);
    }
    return copy;
}

char *arena_print_list(arena *memory, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    /* The caller has started them. NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    /* printf writes no more than INT_MAX bytes. */
    if (length < 0) {
        stop_without_memory();
    }
    char *text = arena_allocate(memory, (size_t)length + 1, 1);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    return text;
}

char *arena_print(arena *memory, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_print_list(memory, format, arguments);
    va_end(arguments);
    return text;
}
