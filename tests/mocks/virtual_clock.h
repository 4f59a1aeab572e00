/* A clock for tests. Only tests and sleepers move it; no call waits.
 *
 * Sleeping moves the clock to the wake time and returns at once. Sleepers do not wait for each
 * other: the clock ends at the latest time that any of them asked for, whatever the order in which
 * their threads ran. Two threads that sleep until 10 ms and 30 ms leave the clock at 30 ms. A time
 * computed from `now`, such as "10 ms from now", depends on what other threads did before.
 *
 * Any thread may call every function except virtual_clock_init at any time. */
#ifndef REIN_TESTS_MOCKS_VIRTUAL_CLOCK_H
#define REIN_TESTS_MOCKS_VIRTUAL_CLOCK_H

#include "contract/api.h"
#include "contract/clock.h"

REIN_API_BEGIN

/* Initialised by virtual_clock_init. The field is private to the functions below. */
typedef struct virtual_clock {
    int64_t now_ns; /* read and written atomically */
} virtual_clock;

/* Initialises a clock that shows `start`. */
void virtual_clock_init(virtual_clock *clock, rein_timestamp start);

/* Returns the contract's view of `clock`, which must outlive every use of the view. */
rein_clock virtual_clock_view(virtual_clock *clock);

/* Advances the clock by `span` and returns the new time. Errors: InvalidArgument if `span` is
 * negative or the time does not fit; the clock is then unchanged. */
REIN_MUST_USE rein_result_timestamp virtual_clock_advance(virtual_clock *clock, rein_duration span);

REIN_API_END

#endif
