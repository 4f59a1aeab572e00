/* Sorting indices by a number of 64 bits: linear, where rein_i_index_sort is for any order. */
#ifndef REIN_HOST_PLAN_KEY_SORT_H
#define REIN_HOST_PLAN_KEY_SORT_H

#include <stdint.h>

#include "host/plan/watch.h"

typedef struct key_index {
    uint64_t key;
    uint32_t index;
} key_index;

/* Ascending and stable; O(count) for each byte in which the keys differ. `scratch` holds `count`
 * elements. False where the watch, which may be NULL, stopped it: the items are then in any order.
 */
bool rein_i_key_sort(key_index *items, uint32_t count, key_index *scratch, watch *w);

#endif
