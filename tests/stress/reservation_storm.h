/* Shared parts of the reservation storms: broken rules, random numbers, and the check of each
 * answer. */
#ifndef REIN_TESTS_STRESS_RESERVATION_STORM_H
#define REIN_TESTS_STRESS_RESERVATION_STORM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "node/reservation.h"

enum { STORM_DEVICE_BYTES = 1000 };

/* The number of broken rules, in memory shared by all processes. */
static atomic_int *storm_faults;

/* Counts a broken rule, and prints the first. */
static inline void expect(bool holds, const char *rule) {
    if (!holds && atomic_fetch_add(storm_faults, 1) == 0) {
        fprintf(stderr, "broken: %s\n", rule);
    }
}

/* xorshift64: the seed must not be 0. */
static inline uint64_t random_next(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Checks an answer, which was decided under the folder's lock. Returns whether it fits. */
static inline bool is_granted(const rein_result_reservation_verdict *answer) {
    if (!answer->is_ok) {
        char text[512];
        rein_error_to_string(&REIN_ERROR(*answer), text, sizeof text);
        expect(false, text);
        return false;
    }
    const rein_reservation_verdict *verdict = &REIN_VALUE(*answer);
    expect(verdict->others.unknown_count == 0, "every file is understood");
    expect(verdict->others.live_bytes + verdict->bytes <= STORM_DEVICE_BYTES,
           "the sum fits the device");
    return verdict->outcome == REIN_ADMISSION_FITS;
}

#endif
