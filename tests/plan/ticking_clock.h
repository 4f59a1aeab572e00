/* A clock that advances by 1 ns at each read, and sets a flag at a given time: a deadline or a
 * cancellation at a chosen stop check. */
#ifndef REIN_TESTS_PLAN_TICKING_CLOCK_H
#define REIN_TESTS_PLAN_TICKING_CLOCK_H

#include "contract/clock.h"

typedef struct ticking {
    int64_t now_ns;     /* number of reads so far */
    int64_t flag_at_ns; /* INT64_MAX: never */
    bool flag;
} ticking;

static inline rein_timestamp tick(void *self) {
    ticking *t = self;
    if (++t->now_ns >= t->flag_at_ns) {
        __atomic_store_n(&t->flag, true, __ATOMIC_RELAXED);
    }
    return rein_timestamp_from_ns(t->now_ns);
}

/* Returns a clock that is valid as long as `t`. */
static inline rein_clock ticking_clock(ticking *t) {
    return (rein_clock){.now = tick, .self = t};
}

#endif
