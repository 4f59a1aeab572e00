#include "host/base/index_sort.h"

#include <string.h>

typedef struct sort_order {
    index_before before;
    const void *context;
} sort_order;

/* Merges the sorted runs [0, middle) and [middle, count) of `from` into `to`. */
static void merge_runs(const size_t *from, size_t middle, size_t count, size_t *to,
                       const sort_order *order) {
    size_t left = 0;
    size_t right = middle;
    for (size_t i = 0; i < count; i++) {
        bool take_right = left == middle ||
                          (right < count && order->before(order->context, from[right], from[left]));
        to[i] = take_right ? from[right++] : from[left++];
    }
}

void rein_i_index_sort(size_t *indices, size_t count, size_t *scratch, index_before before,
                       const void *context) {
    sort_order order = {before, context};
    size_t *from = indices;
    size_t *to = scratch;
    for (size_t run = 1; run < count; run *= 2) {
        for (size_t start = 0; start < count; start += 2 * run) {
            size_t left = count - start;
            size_t middle = left < run ? left : run;
            size_t length = left < 2 * run ? left : 2 * run;
            merge_runs(from + start, middle, length, to + start, &order);
        }
        size_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != indices) {
        memcpy(indices, from, count * sizeof *indices);
    }
}
