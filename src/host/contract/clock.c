#include "contract/clock.h"

#include <errno.h>
#include <time.h>

#include "host/contract/invalid.h"

/*@ ensures \result.is_ok <==> INT64_MIN <= count * ns_per_unit <= INT64_MAX;
    ensures \result.is_ok ==> \result.as.value.ns == count * ns_per_unit; */
static rein_result_duration duration_from(int64_t count, int64_t ns_per_unit, const char *message) {
    int64_t ns = 0;
    if (__builtin_mul_overflow(count, ns_per_unit, &ns)) {
        return rein_result_duration_fail(
            rein_i_invalid_error(REIN_HERE, message, (uint64_t)count, 0, 0));
    }
    return rein_result_duration_ok(rein_duration_from_ns(ns));
}

rein_result_duration rein_duration_from_us(int64_t us) {
    return duration_from(
        us, REIN_NS_PER_US,
        "{i}us is out of range; it must be from -9223372036854775us to 9223372036854775us");
}

rein_result_duration rein_duration_from_ms(int64_t ms) {
    return duration_from(
        ms, REIN_NS_PER_MS,
        "{i}ms is out of range; it must be from -9223372036854ms to 9223372036854ms");
}

rein_result_duration rein_duration_from_s(int64_t s) {
    return duration_from(s, REIN_NS_PER_S,
                         "{i}s is out of range; it must be from -9223372036s to 9223372036s");
}

/*@ ensures \result.is_ok <==> INT64_MIN <= left.ns + right.ns <= INT64_MAX;
    ensures \result.is_ok ==> \result.as.value.ns == left.ns + right.ns; */
rein_result_duration rein_duration_add(rein_duration left, rein_duration right) {
    int64_t ns = 0;
    if (__builtin_add_overflow(left.ns, right.ns, &ns)) {
        return rein_result_duration_fail(
            rein_i_invalid_error(REIN_HERE, "the sum of {duration} and {duration}" MUST_FIT_64_BITS,
                                 (uint64_t)left.ns, (uint64_t)right.ns, 0));
    }
    return rein_result_duration_ok(rein_duration_from_ns(ns));
}

/*@ ensures \result.is_ok <==> INT64_MIN <= left.ns - right.ns <= INT64_MAX;
    ensures \result.is_ok ==> \result.as.value.ns == left.ns - right.ns; */
rein_result_duration rein_duration_subtract(rein_duration left, rein_duration right) {
    int64_t ns = 0;
    if (__builtin_sub_overflow(left.ns, right.ns, &ns)) {
        return rein_result_duration_fail(
            rein_i_invalid_error(REIN_HERE, "{duration} minus {duration}" MUST_FIT_64_BITS,
                                 (uint64_t)left.ns, (uint64_t)right.ns, 0));
    }
    return rein_result_duration_ok(rein_duration_from_ns(ns));
}

/*@ assigns \nothing;
    ensures \result == \max(INT64_MIN, \min(left + right, INT64_MAX)); */
static int64_t add_saturating(int64_t left, int64_t right) {
    int64_t sum = 0;
    if (__builtin_add_overflow(left, right, &sum)) {
        return right < 0 ? INT64_MIN : INT64_MAX;
    }
    return sum;
}

/*@ assigns \nothing;
    ensures \result == \max(INT64_MIN, \min(left - right, INT64_MAX)); */
static int64_t subtract_saturating(int64_t left, int64_t right) {
    int64_t difference = 0;
    if (__builtin_sub_overflow(left, right, &difference)) {
        return right < 0 ? INT64_MAX : INT64_MIN;
    }
    return difference;
}

rein_duration rein_duration_add_saturating(rein_duration left, rein_duration right) {
    return rein_duration_from_ns(add_saturating(left.ns, right.ns));
}

rein_duration rein_duration_subtract_saturating(rein_duration left, rein_duration right) {
    return rein_duration_from_ns(subtract_saturating(left.ns, right.ns));
}

/*@ ensures \result.is_ok <==> INT64_MIN <= start.ns + span.ns <= INT64_MAX;
    ensures \result.is_ok ==> \result.as.value.ns == start.ns + span.ns; */
rein_result_timestamp rein_timestamp_add(rein_timestamp start, rein_duration span) {
    int64_t ns = 0;
    if (__builtin_add_overflow(start.ns, span.ns, &ns)) {
        return rein_result_timestamp_fail(
            rein_i_invalid_error(REIN_HERE, "{duration} after instant {i}ns" MUST_FIT_64_BITS,
                                 (uint64_t)span.ns, (uint64_t)start.ns, 0));
    }
    return rein_result_timestamp_ok(rein_timestamp_from_ns(ns));
}

rein_timestamp rein_timestamp_add_saturating(rein_timestamp start, rein_duration span) {
    return rein_timestamp_from_ns(add_saturating(start.ns, span.ns));
}

rein_duration rein_timestamp_since_saturating(rein_timestamp end, rein_timestamp start) {
    return rein_duration_from_ns(subtract_saturating(end.ns, start.ns));
}

static rein_timestamp system_now(void *self) {
    (void)self;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return rein_timestamp_from_ns((int64_t)now.tv_sec * REIN_NS_PER_S + now.tv_nsec);
}

static void system_sleep_until(void *self, rein_timestamp wake) {
    (void)self;
    if (wake.ns <= 0) {
        return;
    }
    struct timespec instant = {.tv_sec = (time_t)(wake.ns / REIN_NS_PER_S),
                               .tv_nsec = (long)(wake.ns % REIN_NS_PER_S)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &instant, NULL) == EINTR) {
    }
}

const rein_clock *rein_clock_system(void) {
    static const rein_clock clock = {.now = system_now, .sleep_until = system_sleep_until};
    return &clock;
}
