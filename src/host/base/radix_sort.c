#include "host/base/radix_sort.h"

#include <string.h>

enum { DIGITS = 8, DIGIT_BITS = 8, DIGIT_VALUES = 1 << DIGIT_BITS };

/* For fewer items, clearing and adding up the counts takes longer than an insertion sort. */
enum { COUNTED_MIN = 64 };

typedef struct sort_stop {
    radix_sort_look look;
    void *self;
} sort_stop;

typedef struct histogram {
    size_t count[DIGITS][DIGIT_VALUES];
} histogram;

/* Returns the end of a pass's block that begins at `from`, or `from` if the sort must stop. */
static size_t block_end(size_t from, size_t count, const sort_stop *stop) {
    bool may_go_on = from == 0 || stop->look == NULL || stop->look(stop->self);
    size_t left = count - from;
    size_t length = left < RADIX_SORT_ITEMS_PER_LOOK ? left : RADIX_SORT_ITEMS_PER_LOOK;
    return may_go_on ? from + length : from;
}

static inline size_t digit_of(const keyed_index *item, int digit) {
    return (size_t)(item->key >> (digit * DIGIT_BITS)) % DIGIT_VALUES;
}

static bool count_digits(const keyed_index *items, size_t count, const sort_stop *stop,
                         histogram *out_histogram) {
    memset(out_histogram, 0, sizeof *out_histogram);
    for (size_t i = 0, end = 0; i < count;) {
        end = block_end(i, count, stop);
        if (end == i) {
            return false;
        }
        for (; i < end; i++) {
            for (int digit = 0; digit < DIGITS; digit++) {
                out_histogram->count[digit][digit_of(&items[i], digit)]++;
            }
        }
    }
    return true;
}

/* Runs one pass. `position` holds the number of occurrences of each value, then the position of its
 * next item. */
static bool sort_by_digit(const keyed_index *from, size_t count, int digit, size_t *position,
                          keyed_index *to, const sort_stop *stop) {
    size_t next = 0;
    for (size_t value = 0; value < DIGIT_VALUES; value++) {
        size_t occurrences = position[value];
        position[value] = next;
        next += occurrences;
    }
    for (size_t i = 0, end = 0; i < count;) {
        end = block_end(i, count, stop);
        if (end == i) {
            return false;
        }
        for (; i < end; i++) {
            to[position[digit_of(&from[i], digit)]++] = from[i];
        }
    }
    return true;
}

static bool sort_by_counting(keyed_index *items, size_t count, keyed_index *scratch,
                             const sort_stop *stop) {
    histogram seen;
    keyed_index *from = items;
    keyed_index *to = scratch;
    bool is_sorted = count_digits(items, count, stop, &seen);
    for (int digit = 0; digit < DIGITS && is_sorted; digit++) {
        bool is_same_in_all = seen.count[digit][digit_of(&items[0], digit)] == count;
        if (is_same_in_all) {
            continue;
        }
        is_sorted = sort_by_digit(from, count, digit, seen.count[digit], to, stop);
        keyed_index *swap = from;
        from = is_sorted ? to : from;
        to = is_sorted ? swap : to;
    }
    if (from != items) {
        memcpy(items, from, count * sizeof *items);
    }
    return is_sorted;
}

static void sort_by_insertion(keyed_index *items, size_t count) {
    for (size_t i = 1; i < count; i++) {
        keyed_index moved = items[i];
        size_t at = i;
        for (; at > 0 && items[at - 1].key > moved.key; at--) {
            items[at] = items[at - 1];
        }
        items[at] = moved;
    }
}

bool rein_i_radix_sort(keyed_index *items, size_t count, keyed_index *scratch, radix_sort_look look,
                       void *self) {
    if (count < COUNTED_MIN) {
        sort_by_insertion(items, count);
        return true;
    }
    const sort_stop stop = {look, self};
    return sort_by_counting(items, count, scratch, &stop);
}
