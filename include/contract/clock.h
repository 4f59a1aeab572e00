/* Durations, monotonic timestamps, and the clock that tests can replace.
 *
 * Durations and timestamps are counts of nanoseconds in 64 bits (292 years). No operation wraps:
 * one that can leave the range either returns a result or has `saturating` in its name and stops at
 * the end of the range.
 */
#ifndef REIN_CONTRACT_CLOCK_H
#define REIN_CONTRACT_CLOCK_H

#include "contract/api.h"
#include "contract/result.h"

REIN_API_BEGIN

/* A span of time; may be negative. */
typedef struct rein_duration {
    int64_t ns; /* nanoseconds */
} rein_duration;

/* An instant of one clock: nanoseconds since an origin that only that clock knows. Instants of
 * different clocks must not be compared. */
typedef struct rein_timestamp {
    int64_t ns; /* since the clock's origin; INT64_MAX: never */
} rein_timestamp;

REIN_RESULT_DEFINE(rein_result_duration, rein_duration)
REIN_RESULT_DEFINE(rein_result_timestamp, rein_timestamp)

/* Nanoseconds in a unit of time. */
#define REIN_NS_PER_US INT64_C(1000)
#define REIN_NS_PER_MS INT64_C(1000000)
#define REIN_NS_PER_S  INT64_C(1000000000)

/* Returns a duration of `ns` nanoseconds. Every count is valid. */
static inline rein_duration rein_duration_from_ns(int64_t ns) {
    rein_duration duration;
    duration.ns = ns;
    return duration;
}

/* Returns a duration from a count of a larger unit. Errors: InvalidArgument if it does not fit. */
REIN_MUST_USE rein_result_duration rein_duration_from_us(int64_t us);
REIN_MUST_USE rein_result_duration rein_duration_from_ms(int64_t ms);
REIN_MUST_USE rein_result_duration rein_duration_from_s(int64_t s);

/* Returns the sum, or the difference. Errors: InvalidArgument if it does not fit. */
REIN_MUST_USE rein_result_duration rein_duration_add(rein_duration left, rein_duration right);
REIN_MUST_USE rein_result_duration rein_duration_subtract(rein_duration left, rein_duration right);

/* Returns the sum, or the difference, which stops at the ends of the range. */
rein_duration rein_duration_add_saturating(rein_duration left, rein_duration right);
rein_duration rein_duration_subtract_saturating(rein_duration left, rein_duration right);

/* Returns a number below, at or above zero if `left` is shorter than, equal to or longer than
 * `right`. */
static inline int rein_duration_compare(rein_duration left, rein_duration right) {
    return (left.ns > right.ns) - (left.ns < right.ns);
}

/* Returns the instant `ns` nanoseconds after the clock's origin. Every count is valid. */
static inline rein_timestamp rein_timestamp_from_ns(int64_t ns) {
    rein_timestamp timestamp;
    timestamp.ns = ns;
    return timestamp;
}

/* Returns the instant that never comes: a deadline that cannot be missed. */
static inline rein_timestamp rein_timestamp_never(void) {
    return rein_timestamp_from_ns(INT64_MAX);
}

/* Returns the instant `span` after `start`. Errors: InvalidArgument if it does not fit. */
REIN_MUST_USE rein_result_timestamp rein_timestamp_add(rein_timestamp start, rein_duration span);

/* Returns the same, but stops at the ends of the range. Never plus a span that is not negative is
 * never. */
rein_timestamp rein_timestamp_add_saturating(rein_timestamp start, rein_duration span);

/* Returns the time from `start` to `end`, negative if `end` comes first. Stops at the ends of the
 * range. */
rein_duration rein_timestamp_since_saturating(rein_timestamp end, rein_timestamp start);

/* Returns a number below, at or above zero if `left` is before, equal to or after `right`. */
static inline int rein_timestamp_compare(rein_timestamp left, rein_timestamp right) {
    return (left.ns > right.ns) - (left.ns < right.ns);
}

/* A clock: the system's, or a test's. `self` is passed to both functions and outlives every use.
 * Both functions may be called by any thread at any time; `now` never goes back. */
typedef struct rein_clock {
    /* Returns the current time. */
    rein_timestamp (*now)(void *self);
    /* Blocks until `now` has reached `wake`. Signals do not end the wait early. */
    void (*sleep_until)(void *self, rein_timestamp wake);
    void *self; /* the clock's own state, borrowed; may be NULL */
} rein_clock;

/* Returns the current time. Never goes backwards. Hot: does not check for NULL. */
static inline rein_timestamp rein_clock_now(const rein_clock *clock) {
    return clock->now(clock->self);
}

/* Waits until the clock has reached `wake`. Hot: does not check for NULL. */
static inline void rein_clock_sleep_until(const rein_clock *clock, rein_timestamp wake) {
    clock->sleep_until(clock->self, wake);
}

/* Returns the system's monotonic clock (CLOCK_MONOTONIC). Static storage. */
const rein_clock *rein_clock_system(void);

REIN_API_END

#endif
