#include "host/plan/key_sort.h"

#include <stdbool.h>
#include <string.h>

enum { DIGITS = 8, DIGIT_BITS = 8, VALUES = 1 << DIGIT_BITS };

typedef struct histogram {
    uint32_t count[DIGITS][VALUES];
} histogram;

static uint32_t digit_of(const key_index *item, int digit) {
    return (uint32_t)(item->key >> (digit * DIGIT_BITS)) % VALUES;
}

static bool count_digits(const key_index *items, uint32_t count, watch *w,
                         histogram *out_histogram) {
    memset(out_histogram, 0, sizeof *out_histogram);
    for (uint32_t i = 0; i < count; i++) {
        if (!watch_item(w, i)) {
            return false;
        }
        for (int digit = 0; digit < DIGITS; digit++) {
            out_histogram->count[digit][digit_of(&items[i], digit)]++;
        }
    }
    return true;
}

/* `position` holds how often each value occurs, and then where the next of it goes. */
static bool sort_by_digit(const key_index *from, uint32_t count, int digit, uint32_t *position,
                          key_index *to, watch *w) {
    uint32_t next = 0;
    for (int value = 0; value < VALUES; value++) {
        uint32_t occurrences = position[value];
        position[value] = next;
        next += occurrences;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!watch_item(w, i)) {
            return false;
        }
        to[position[digit_of(&from[i], digit)]++] = from[i];
    }
    return true;
}

bool rein_i_key_sort(key_index *items, uint32_t count, key_index *scratch, watch *w) {
    histogram seen;
    key_index *from = items;
    key_index *to = scratch;
    bool is_sorted = count_digits(items, count, w, &seen);
    for (int digit = 0; digit < DIGITS && count > 0 && is_sorted; digit++) {
        bool is_same_in_all = seen.count[digit][digit_of(&items[0], digit)] == count;
        if (is_same_in_all) {
            continue;
        }
        is_sorted = sort_by_digit(from, count, digit, seen.count[digit], to, w);
        key_index *swap = from;
        from = is_sorted ? to : from;
        to = is_sorted ? swap : to;
    }
    if (from != items) {
        memcpy(items, from, count * sizeof *items);
    }
    return is_sorted;
}
