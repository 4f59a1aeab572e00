/* Shared parts of the fuzz targets: a check that stops the target, and inputs read as a sequence of
 * choices. */
#ifndef REIN_TESTS_FUZZ_H
#define REIN_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Entry point of libFuzzer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void require(bool holds, const char *rule) {
    if (!holds) {
        fprintf(stderr, "broken: %s\n", rule);
        abort();
    }
}

/* The unread part of an input. */
typedef struct choices {
    const uint8_t *bytes;
    size_t length;
} choices;

static inline uint8_t choose_byte(choices *from) {
    if (from->length == 0) {
        return 0;
    }
    from->length--;
    return *from->bytes++;
}

/* Returns a number below `count`, which is at most 256. */
static inline unsigned choose_below(choices *from, unsigned count) {
    return choose_byte(from) % count;
}

/* Returns any number, small or large: reads a length of 0 to 8, then so many bytes. */
static inline uint64_t choose_number(choices *from) {
    uint64_t number = 0;
    for (unsigned left = choose_below(from, 9); left > 0; left--) {
        number = number << 8 | choose_byte(from);
    }
    return number;
}

#endif
