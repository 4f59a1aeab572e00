/* Hands out pieces of one block of memory, or only counts what it would hand out. */
#ifndef REIN_HOST_BASE_ARENA_H
#define REIN_HOST_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

/* `base` is NULL while counting; the pieces are NULL then. */
typedef struct arena {
    unsigned char *base;
    size_t used_bytes;
} arena;

/* Returns where the next piece begins, aligned as malloc aligns. */
static inline size_t arena_count(arena *a, size_t count, size_t element_bytes) {
    size_t at = a->used_bytes;
    a->used_bytes += (count * element_bytes + 15U) & ~(size_t)15U;
    return at;
}

/* `count` elements of `element_bytes` each. */
static inline void *arena_take(arena *a, size_t count, size_t element_bytes) {
    size_t at = arena_count(a, count, element_bytes);
    return a->base == NULL ? NULL : a->base + at;
}

/* The same of an arena that does not only count. */
static inline void *arena_take_memory(arena *a, size_t count, size_t element_bytes) {
    size_t at = arena_count(a, count, element_bytes);
    return a->base + at;
}

/* Lets the next pieces lie over those taken since `used_bytes` was `mark`: for what is never in use
 * at the same time. Returns the end of those, for arena_keep. */
static inline size_t arena_reuse(arena *a, size_t mark) {
    size_t end = a->used_bytes;
    a->used_bytes = mark;
    return end;
}

/* What comes next lies behind `end`, too. */
static inline void arena_keep(arena *a, size_t end) {
    a->used_bytes = a->used_bytes > end ? a->used_bytes : end;
}

#endif
