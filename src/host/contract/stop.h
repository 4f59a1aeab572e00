/* Tests a cancel flag and a deadline. */
#ifndef REIN_HOST_CONTRACT_STOP_H
#define REIN_HOST_CONTRACT_STOP_H

#include "contract/clock.h"

/* `cancel` may be NULL. Any thread may set it by an atomic store. */
static inline bool stop_is_cancelled(const bool *cancel) {
    return cancel != NULL && __atomic_load_n(cancel, __ATOMIC_RELAXED);
}

/* A NULL `clock` means no deadline. */
static inline bool stop_is_late(const rein_clock *clock, rein_timestamp deadline) {
    return clock != NULL && rein_timestamp_compare(rein_clock_now(clock), deadline) >= 0;
}

#endif
