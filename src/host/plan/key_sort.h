/* Sorting indices by a number of 64 bits: linear, where index_sort is for any order. */
#ifndef REIN_HOST_PLAN_KEY_SORT_H
#define REIN_HOST_PLAN_KEY_SORT_H

#include <stdint.h>

typedef struct key_index {
    uint64_t key;
    uint32_t index;
} key_index;

/* Ascending and stable; O(count) for each byte in which the keys differ. `scratch` holds `count`
 * elements. */
void key_sort(key_index *items, uint32_t count, key_index *scratch);

#endif
