#include "host/models/name_list.h"

#include <string.h>

/* Merges the sorted parts [0, middle) and [middle, count) of `from` into `to`. */
static void merge(const name_list *names, const keyed_index *from, size_t middle, size_t count,
                  keyed_index *to) {
    size_t left = 0;
    size_t right = middle;
    for (size_t at = 0; at < count; at++) {
        bool takes_left = left < middle &&
                          (right == count ||
                           names->compare(names->self, from[left].index, from[right].index) <= 0);
        to[at] = takes_left ? from[left++] : from[right++];
    }
}

/* Sorts names that have the same hash; stable. */
static void sort_by_names(const name_list *names, keyed_index *items, size_t count,
                          keyed_index *scratch) {
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t begin = 0; begin < count; begin += 2 * width) {
            size_t left = count - begin;
            size_t middle = width < left ? width : left;
            size_t size = 2 * width < left ? 2 * width : left;
            merge(names, items + begin, middle, size, scratch + begin);
        }
        memcpy(items, scratch, count * sizeof *items);
    }
}

static size_t same_hash_end(const keyed_index *order, size_t count, size_t begin) {
    size_t end = begin + 1;
    while (end < count && order[end].key == order[begin].key) {
        end++;
    }
    return end;
}

size_t rein_i_names_run_end(const name_list *names, const keyed_index *order, size_t begin) {
    size_t end = begin + 1;
    while (end < names->count && order[end].key == order[begin].key &&
           names->compare(names->self, order[begin].index, order[end].index) == 0) {
        end++;
    }
    return end;
}

void rein_i_names_order(const name_list *names, keyed_index *out_order, keyed_index *scratch) {
    for (size_t index = 0; index < names->count; index++) {
        out_order[index] = (keyed_index){names->hash(names->self, index), index};
    }
    (void)rein_i_radix_sort(out_order, names->count, scratch, NULL, NULL);
    for (size_t begin = 0; begin < names->count;) {
        size_t end = same_hash_end(out_order, names->count, begin);
        if (rein_i_names_run_end(names, out_order, begin) < end) {
            sort_by_names(names, out_order + begin, end - begin, scratch);
        }
        begin = end;
    }
}

size_t rein_i_names_find_again(const name_list *names, const keyed_index *order) {
    size_t first = names->count;
    for (size_t place = 1; place < names->count; place++) {
        size_t later = order[place].index;
        if (later < first && order[place - 1].key == order[place].key &&
            names->compare(names->self, order[place - 1].index, later) == 0) {
            first = later;
        }
    }
    return first;
}

size_t rein_i_names_find(const name_list *names, const keyed_index *order, uint64_t hash) {
    size_t begin = 0;
    size_t end = names->count;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        bool is_before = order[middle].key != hash
                             ? order[middle].key < hash
                             : names->compare(names->self, order[middle].index, NAME_WANTED) < 0;
        begin = is_before ? middle + 1 : begin;
        end = is_before ? end : middle;
    }
    bool is_found = begin < names->count && order[begin].key == hash &&
                    names->compare(names->self, order[begin].index, NAME_WANTED) == 0;
    return is_found ? begin : names->count;
}
