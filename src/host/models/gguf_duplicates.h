/* Finds names that occur more than once. */
#ifndef REIN_HOST_MODELS_GGUF_DUPLICATES_H
#define REIN_HOST_MODELS_GGUF_DUPLICATES_H

#include <stddef.h>
#include <stdint.h>

#include "host/base/radix_sort.h"

/* Names of one length, padded with zeros, at the beginning of records. */
typedef struct name_table {
    const void *records;
    size_t record_bytes;
    size_t name_bytes; /* a multiple of 8 */
    size_t count;
    /* One more word for each name, which names that are equal have in common; NULL: none. */
    const uint64_t *words;
} name_table;

/* Returns the index of the first record whose name an earlier record has; the count if there is
 * none. Sorts by each word of the names in turn: O(count) for a given length, whatever the names
 * are. `space` holds 2 * count elements. */
size_t rein_i_name_table_find_duplicate(const name_table *table, keyed_index *space);

#endif
