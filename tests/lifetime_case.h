/* Lifetimes for tests: fixed ones, and reproducible random ones. */
#ifndef REIN_TESTS_LIFETIME_CASE_H
#define REIN_TESTS_LIFETIME_CASE_H

#include "contract/lifetime.h"

static inline rein_tensor_lifetime make(int64_t from, int64_t until, uint64_t size) {
    return (rein_tensor_lifetime){rein_tensor_id_make(0), from, until, size, 1};
}

static inline rein_tensor_lifetime make_aligned(int64_t from, int64_t until, uint64_t size,
                                                uint64_t alignment) {
    rein_tensor_lifetime lifetime = make(from, until, size);
    lifetime.alignment_bytes = alignment;
    return lifetime;
}

/* Its own generator, so that every run uses the same instances. */
static uint64_t random_state = 1;

static inline uint64_t random_below(uint64_t limit) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (random_state >> 33) % limit;
}

static inline size_t make_random(rein_tensor_lifetime *out_lifetimes, size_t most,
                                 int64_t horizon) {
    size_t count = 1 + random_below(most);
    for (size_t i = 0; i < count; i++) {
        int64_t from = (int64_t)random_below((uint64_t)horizon) - horizon / 2;
        int64_t until = from + 1 + (int64_t)random_below((uint64_t)horizon / 2);
        out_lifetimes[i] =
            make_aligned(from, until, random_below(20), UINT64_C(1) << random_below(4));
    }
    return count;
}

#endif
