/* Sorts indices by keys of 64 bits. Allocates nothing and does not recurse. */
#ifndef REIN_HOST_BASE_RADIX_SORT_H
#define REIN_HOST_BASE_RADIX_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct keyed_index {
    uint64_t key;
    size_t index;
} keyed_index;

/* Items between two calls of `look`: about a millisecond of work. */
enum { RADIX_SORT_ITEMS_PER_LOOK = 1 << 16 };

/* Returns whether a long sort may go on. `self` is the argument given to the sort. */
typedef bool (*radix_sort_look)(void *self);

/* Returns a key that orders signed numbers. */
static inline uint64_t radix_sort_signed_key(int64_t number) {
    return (uint64_t)number ^ (UINT64_C(1) << 63);
}

/* Sorts by key in ascending order; stable. O(count) for each byte in which the keys differ.
 * `scratch` holds `count` elements. Calls `look`, which may be NULL, after each
 * RADIX_SORT_ITEMS_PER_LOOK items of each pass. If `look` returns false, returns false with the
 * items in any order. */
bool rein_i_radix_sort(keyed_index *items, size_t count, keyed_index *scratch, radix_sort_look look,
                       void *self);

#endif
