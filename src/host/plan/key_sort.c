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

static void count_digits(const key_index *items, uint32_t count, histogram *out_histogram) {
    memset(out_histogram, 0, sizeof *out_histogram);
    for (uint32_t i = 0; i < count; i++) {
        for (int digit = 0; digit < DIGITS; digit++) {
            out_histogram->count[digit][digit_of(&items[i], digit)]++;
        }
    }
}

/* `position` holds how often each value occurs, and then where the next of it goes. */
static void sort_by_digit(const key_index *from, uint32_t count, int digit, uint32_t *position,
                          key_index *to) {
    uint32_t next = 0;
    for (int value = 0; value < VALUES; value++) {
        uint32_t occurrences = position[value];
        position[value] = next;
        next += occurrences;
    }
    for (uint32_t i = 0; i < count; i++) {
        to[position[digit_of(&from[i], digit)]++] = from[i];
    }
}

void key_sort(key_index *items, uint32_t count, key_index *scratch) {
    histogram seen;
    count_digits(items, count, &seen);
    key_index *from = items;
    key_index *to = scratch;
    for (int digit = 0; digit < DIGITS && count > 0; digit++) {
        bool is_same_in_all = seen.count[digit][digit_of(&items[0], digit)] == count;
        if (is_same_in_all) {
            continue;
        }
        sort_by_digit(from, count, digit, seen.count[digit], to);
        key_index *swap = from;
        from = to;
        to = swap;
    }
    if (from != items) {
        memcpy(items, from, count * sizeof *items);
    }
}
