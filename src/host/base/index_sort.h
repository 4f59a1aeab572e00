/* Sorting an array of indices by what they stand for; allocates nothing and does not recurse. */
#ifndef REIN_HOST_BASE_INDEX_SORT_H
#define REIN_HOST_BASE_INDEX_SORT_H

#include <stdbool.h>
#include <stddef.h>

/* Whether `left` has to stand before `right`; false where either order will do. */
typedef bool (*index_before)(const void *context, size_t left, size_t right);

/* Stable, O(count log count). `scratch` holds `count` elements. */
void rein_i_index_sort(size_t *indices, size_t count, size_t *scratch, index_before before,
                       const void *context);

#endif
