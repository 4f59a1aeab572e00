/* A clock for tests: time passes only when a test or a sleeper says so, and nothing ever waits.
 *
 * Sleeping moves the clock to the wake instant and returns at once. Sleepers do not wait for each
 * other: the clock ends at the latest instant that any of them asked for, whatever the order in
 * which their threads ran. So two threads that sleep until 10 ms and 30 ms leave the clock at 30
 * ms. An instant computed from `now`, as in "10 ms from now", depends on what other threads did
 * before.
 *
 * Any thread may use any function but virtual_clock_init at any time. */
#ifndef REIN_TESTS_MOCKS_VIRTUAL_CLOCK_H
#define REIN_TESTS_MOCKS_VIRTUAL_CLOCK_H

#include "contract/api.h"
#include "contract/clock.h"

REIN_API_BEGIN

/* Set up by virtual_clock_init; the field is for the functions below alone. */
typedef struct virtual_clock {
    int64_t now_ns; /* read and written atomically */
} virtual_clock;

void virtual_clock_init(virtual_clock *clock, rein_timestamp start);

/* The contract's view of `clock`, which outlives every use of the view. */
rein_clock virtual_clock_view(virtual_clock *clock);

/* Moves the clock on by `span` and returns the new instant. Errors: InvalidArgument where `span` is
 * negative or the instant does not fit; the clock is then unchanged. */
REIN_MUST_USE rein_result_timestamp virtual_clock_advance(virtual_clock *clock, rein_duration span);

REIN_API_END

#endif
