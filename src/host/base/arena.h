/* Allocates pieces of one block of memory, or only counts their bytes. */
#ifndef REIN_HOST_BASE_ARENA_H
#define REIN_HOST_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

/* A bump allocator. While only counting, `base` and all pieces are NULL. */
typedef struct arena {
    unsigned char *base;
    size_t used_bytes;
} arena;

/* Reserves a piece and returns its offset, aligned as malloc aligns. */
static inline size_t arena_count(arena *a, size_t count, size_t element_bytes) {
    size_t at = a->used_bytes;
    a->used_bytes += (count * element_bytes + 15U) & ~(size_t)15U;
    return at;
}

/* Returns room for `count` elements of `element_bytes` each; NULL if the arena only counts. */
static inline void *arena_take(arena *a, size_t count, size_t element_bytes) {
    size_t at = arena_count(a, count, element_bytes);
    return a->base == NULL ? NULL : a->base + at;
}

/* Returns the same for an arena that does not only count. */
static inline void *arena_take_memory(arena *a, size_t count, size_t element_bytes) {
    size_t at = arena_count(a, count, element_bytes);
    return a->base + at;
}

/* Lets the next pieces overlap those taken since `used_bytes` was `mark`, which must not be in use
 * at the same time. Returns the end of the overlapped pieces, for arena_keep. */
static inline size_t arena_reuse(arena *a, size_t mark) {
    size_t end = a->used_bytes;
    a->used_bytes = mark;
    return end;
}

/* Places the next pieces after `end` too. */
static inline void arena_keep(arena *a, size_t end) {
    a->used_bytes = a->used_bytes > end ? a->used_bytes : end;
}

#endif
