/* Tests a cancel flag and a deadline. */
#ifndef REIN_HOST_CONTRACT_STOP_H
#define REIN_HOST_CONTRACT_STOP_H

#include "contract/clock.h"

/* Returns whether the flag is set; false if it is NULL. Any thread may set it atomically. */
static inline bool stop_is_cancelled(const bool *cancel) {
    return cancel != NULL && __atomic_load_n(cancel, __ATOMIC_RELAXED);
}

/* Returns whether the deadline has passed. If `clock` is NULL, there is no deadline. */
static inline bool stop_is_late(const rein_clock *clock, rein_timestamp deadline) {
    return clock != NULL && rein_timestamp_compare(rein_clock_now(clock), deadline) >= 0;
}

#endif
