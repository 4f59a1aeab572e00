/* Arithmetic on sizes that ends at UINT64_MAX in place of wrapping. Sums are checked once, at their
 * end: see does_not_fit. */
#ifndef REIN_HOST_MODELS_MEMORY_SATURATING_H
#define REIN_HOST_MODELS_MEMORY_SATURATING_H

#include "host/base/checked.h"

static inline uint64_t multiply_saturating(uint64_t left, uint64_t right) {
    uint64_t product = UINT64_MAX;
    (void)checked_multiply(left, right, &product);
    return product;
}

static inline uint64_t round_up_saturating(uint64_t bytes, uint64_t granularity) {
    uint64_t rounded = UINT64_MAX;
    (void)checked_round_up(bytes, granularity, &rounded);
    return rounded;
}

/* Returns whether two sizes have no sum that fits, or one of them did not fit. */
static inline bool does_not_fit(uint64_t left, uint64_t right) {
    return add_saturating(left, right) == UINT64_MAX;
}

#endif
