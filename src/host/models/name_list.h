/* Finds names that are the same, in O(n log n) comparisons whatever the names are. */
#ifndef REIN_HOST_MODELS_NAME_LIST_H
#define REIN_HOST_MODELS_NAME_LIST_H

#include "host/base/radix_sort.h"

/* In place of an index: the name that rein_i_names_find looks for. */
#define NAME_WANTED SIZE_MAX

/* Names by index. They need not be in memory. */
typedef struct name_list {
    size_t count;
    void *self;
    uint64_t (*hash)(void *self, size_t index);
    /* Compares two names with the same hash. Returns a number below, equal to or above 0. `right`
     * may be NAME_WANTED. */
    int (*compare)(void *self, size_t left, size_t right);
} name_list;

/* Returns the hash of a text whose beginning has the hash `hash`; that of no text is 0. Different
 * texts with the same hash can be made on purpose: they cost more comparisons, and nothing else. */
static inline uint64_t name_hash(uint64_t hash, const char *bytes, size_t size) {
    for (size_t index = 0; index < size; index++) {
        hash = hash * UINT64_C(0x9E3779B97F4A7C15) + (unsigned char)bytes[index];
    }
    return hash;
}

/* Writes the indices of the names into `out_order`, such that those of equal names follow each
 * other in ascending order. The keys of `out_order` are hashes. `out_order` and `scratch` hold as
 * many elements as there are names. */
void rein_i_names_order(const name_list *names, keyed_index *out_order, keyed_index *scratch);

/* Returns the end of the run of equal names that begins at `begin`, which is below the count. */
size_t rein_i_names_run_end(const name_list *names, const keyed_index *order, size_t begin);

/* Returns the index of the first name that an earlier one equals; the count if there is none. */
size_t rein_i_names_find_again(const name_list *names, const keyed_index *order);

/* Returns the place in the order of the first name that equals the wanted one, which has this hash;
 * the count if there is none. O(log n) comparisons. */
size_t rein_i_names_find(const name_list *names, const keyed_index *order, uint64_t hash);

#endif
