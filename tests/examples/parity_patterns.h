/* Inputs for the parity model: patterns of four bits, one in each row. */
#ifndef REIN_TESTS_EXAMPLES_PARITY_PATTERNS_H
#define REIN_TESTS_EXAMPLES_PARITY_PATTERNS_H

#include "contract/tensor.h"

enum { PATTERN_COUNT = 16, BITS_PER_PATTERN = 4 };

/* Row r holds the bits of r + variant, modulo the count; the highest bit comes first. Fits the
 * conformance suite's fill_input. */
static inline void fill_patterns(void *context, uint32_t variant, const rein_tensor *input) {
    (void)context;
    float *bits = input->data;
    for (uint32_t row = 0; row < input->descriptor.shape.dimensions[0]; row++) {
        uint32_t pattern = (row + variant) % PATTERN_COUNT;
        for (uint32_t bit = 0; bit < BITS_PER_PATTERN; bit++) {
            bits[row * BITS_PER_PATTERN + bit] =
                (float)(pattern >> (BITS_PER_PATTERN - 1 - bit) & 1);
        }
    }
}

#endif
