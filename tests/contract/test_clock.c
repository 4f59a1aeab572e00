#include <criterion/criterion.h>

#include <signal.h>
#include <sys/time.h>
#include <time.h>

#include "contract/clock.h"
#include "expect.h"

typedef rein_result_duration (*duration_maker)(int64_t count);

static const struct {
    duration_maker make;
    int64_t ns_per_unit;
    int64_t most; /* of the unit in a duration */
    const char *above;
    const char *below;
} units[] = {
    {rein_duration_from_us, REIN_NS_PER_US, INT64_C(9223372036854775),
     "9223372036854776us -9223372036854775us 9223372036854775us",
     "-9223372036854776us -9223372036854775us 9223372036854775us"},
    {rein_duration_from_ms, REIN_NS_PER_MS, INT64_C(9223372036854),
     "9223372036855ms -9223372036854ms 9223372036854ms",
     "-9223372036855ms -9223372036854ms 9223372036854ms"},
    {rein_duration_from_s, REIN_NS_PER_S, INT64_C(9223372036),
     "9223372037s -9223372036s 9223372036s", "-9223372037s -9223372036s 9223372036s"},
};

enum { UNIT_COUNT = sizeof units / sizeof units[0] };

static rein_duration ns(int64_t count) {
    return rein_duration_from_ns(count);
}

Test(duration, units_are_nanoseconds) {
    cr_assert(REIN_NS_PER_US == 1000 && REIN_NS_PER_MS == 1000000 && REIN_NS_PER_S == 1000000000,
              "nanoseconds of a unit");
    cr_assert(ns(INT64_MIN).ns == INT64_MIN && ns(INT64_MAX).ns == INT64_MAX,
              "any count of nanoseconds is a duration");
}

Test(duration, from_a_unit_is_exact_up_to_the_ends) {
    for (size_t index = 0; index < UNIT_COUNT; index++) {
        const int64_t counts[] = {0, 1, -1, 7, units[index].most, -units[index].most};
        for (size_t row = 0; row < sizeof counts / sizeof counts[0]; row++) {
            rein_result_duration made = units[index].make(counts[row]);
            cr_assert(rein_result_duration_is_ok(made), "unit %zu row %zu fits", index, row);
            cr_assert(REIN_VALUE(made).ns == counts[row] * units[index].ns_per_unit,
                      "unit %zu row %zu is %lld", index, row, (long long)REIN_VALUE(made).ns);
        }
    }
}

Test(duration, from_a_unit_refuses_what_does_not_fit) {
    for (size_t index = 0; index < UNIT_COUNT; index++) {
        rein_result_duration made = units[index].make(units[index].most + 1);
        expect_invalid(&REIN_ERROR(made), units[index].above);
        made = units[index].make(-units[index].most - 1);
        expect_invalid(&REIN_ERROR(made), units[index].below);
        cr_assert(rein_result_duration_is_error(units[index].make(INT64_MAX)), "the largest");
        cr_assert(rein_result_duration_is_error(units[index].make(INT64_MIN)), "the smallest");
    }
}

/* Operands and result; `fits` is false if the exact value does not fit in 64 bits. */
typedef struct arithmetic_row {
    int64_t left;
    int64_t right;
    bool fits;
    int64_t result; /* saturated if it does not fit */
} arithmetic_row;

static const arithmetic_row sums[] = {
    {0, 0, true, 0},
    {1, -3, true, -2},
    {INT64_MAX, 0, true, INT64_MAX},
    {INT64_MAX - 1, 1, true, INT64_MAX},
    {INT64_MAX, 1, false, INT64_MAX},
    {1, INT64_MAX, false, INT64_MAX},
    {INT64_MAX, INT64_MAX, false, INT64_MAX},
    {INT64_MIN, 0, true, INT64_MIN},
    {INT64_MIN + 1, -1, true, INT64_MIN},
    {INT64_MIN, -1, false, INT64_MIN},
    {-1, INT64_MIN, false, INT64_MIN},
    {INT64_MIN, INT64_MIN, false, INT64_MIN},
    {INT64_MIN, INT64_MAX, true, -1},
    {INT64_MAX, INT64_MIN, true, -1},
};

static const arithmetic_row differences[] = {
    {0, 0, true, 0},
    {1, 3, true, -2},
    {0, INT64_MAX, true, -INT64_MAX},
    {-1, INT64_MAX, true, INT64_MIN},
    {-2, INT64_MAX, false, INT64_MIN},
    {INT64_MIN, INT64_MAX, false, INT64_MIN},
    {INT64_MIN, 1, false, INT64_MIN},
    {INT64_MIN, 0, true, INT64_MIN},
    {0, INT64_MIN, false, INT64_MAX},
    {-1, INT64_MIN, true, INT64_MAX},
    {INT64_MAX, INT64_MIN, false, INT64_MAX},
    {INT64_MAX, -1, false, INT64_MAX},
    {INT64_MAX, INT64_MAX, true, 0},
    {INT64_MIN, INT64_MIN, true, 0},
};

enum {
    SUM_COUNT = sizeof sums / sizeof sums[0],
    DIFFERENCE_COUNT = sizeof differences / sizeof differences[0]
};

Test(duration, sum_is_exact_or_refused) {
    for (size_t index = 0; index < SUM_COUNT; index++) {
        const arithmetic_row *row = &sums[index];
        rein_result_duration sum = rein_duration_add(ns(row->left), ns(row->right));
        cr_assert(rein_result_duration_is_ok(sum) == row->fits, "row %zu", index);
        cr_assert(!row->fits || REIN_VALUE(sum).ns == row->result, "row %zu is exact", index);
    }
    rein_result_duration sum = rein_duration_add(ns(INT64_MAX), ns(2000));
    expect_invalid(&REIN_ERROR(sum), "9223372036854775807ns 2000ns 64 bits");
}

Test(duration, difference_is_exact_or_refused) {
    for (size_t index = 0; index < DIFFERENCE_COUNT; index++) {
        const arithmetic_row *row = &differences[index];
        rein_result_duration rest = rein_duration_subtract(ns(row->left), ns(row->right));
        cr_assert(rein_result_duration_is_ok(rest) == row->fits, "row %zu", index);
        cr_assert(!row->fits || REIN_VALUE(rest).ns == row->result, "row %zu is exact", index);
    }
    rein_result_duration rest = rein_duration_subtract(ns(INT64_MIN), ns(1));
    expect_invalid(&REIN_ERROR(rest), "-9223372036854775808ns 1ns 64 bits");
}

Test(duration, saturating_operations_stop_at_the_ends) {
    for (size_t index = 0; index < SUM_COUNT; index++) {
        const arithmetic_row *row = &sums[index];
        cr_assert(rein_duration_add_saturating(ns(row->left), ns(row->right)).ns == row->result,
                  "sum %zu", index);
    }
    for (size_t index = 0; index < DIFFERENCE_COUNT; index++) {
        const arithmetic_row *row = &differences[index];
        cr_assert(rein_duration_subtract_saturating(ns(row->left), ns(row->right)).ns ==
                      row->result,
                  "difference %zu", index);
    }
}

static int sign(int value) {
    return (value > 0) - (value < 0);
}

Test(clock, comparisons_order_the_whole_range) {
    static const int64_t ordered[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1, INT64_MAX};
    for (int left = 0; left < 7; left++) {
        for (int right = 0; right < 7; right++) {
            int expected = sign(left - right);
            cr_assert(sign(rein_duration_compare(ns(ordered[left]), ns(ordered[right]))) ==
                          expected,
                      "durations %d and %d", left, right);
            cr_assert(sign(rein_timestamp_compare(rein_timestamp_from_ns(ordered[left]),
                                                  rein_timestamp_from_ns(ordered[right]))) ==
                          expected,
                      "instants %d and %d", left, right);
        }
    }
}

Test(timestamp, plus_a_span_is_exact_or_refused) {
    for (size_t index = 0; index < SUM_COUNT; index++) {
        const arithmetic_row *row = &sums[index];
        rein_timestamp start = rein_timestamp_from_ns(row->left);
        rein_result_timestamp end = rein_timestamp_add(start, ns(row->right));
        cr_assert(rein_result_timestamp_is_ok(end) == row->fits, "row %zu", index);
        cr_assert(!row->fits || REIN_VALUE(end).ns == row->result, "row %zu is exact", index);
        cr_assert(rein_timestamp_add_saturating(start, ns(row->right)).ns == row->result,
                  "row %zu saturates", index);
    }
    rein_result_timestamp end = rein_timestamp_add(rein_timestamp_never(), ns(3000));
    expect_invalid(&REIN_ERROR(end), "3us 9223372036854775807ns 64 bits");
}

Test(timestamp, since_is_the_span_between_and_stops_at_the_ends) {
    for (size_t index = 0; index < DIFFERENCE_COUNT; index++) {
        const arithmetic_row *row = &differences[index];
        rein_duration span = rein_timestamp_since_saturating(rein_timestamp_from_ns(row->left),
                                                             rein_timestamp_from_ns(row->right));
        cr_assert(span.ns == row->result, "row %zu gives %lld", index, (long long)span.ns);
    }
}

Test(timestamp, never_stays_never) {
    rein_timestamp never = rein_timestamp_never();
    cr_assert(never.ns == INT64_MAX, "never is the last instant");
    cr_assert(rein_timestamp_compare(never, rein_timestamp_from_ns(INT64_MAX - 1)) > 0,
              "never comes after any other instant");
    const int64_t spans[] = {0, 1, REIN_NS_PER_S, INT64_MAX};
    for (size_t index = 0; index < 4; index++) {
        rein_timestamp later = rein_timestamp_add_saturating(never, ns(spans[index]));
        cr_assert(rein_timestamp_compare(later, never) == 0, "span %zu", index);
    }
}

typedef struct recording_clock {
    int64_t now_ns;
    int64_t slept_until_ns;
} recording_clock;

static rein_timestamp recorded_now(void *self) {
    return rein_timestamp_from_ns(((recording_clock *)self)->now_ns);
}

static void record_sleep(void *self, rein_timestamp wake) {
    ((recording_clock *)self)->slept_until_ns = wake.ns;
}

Test(clock, calls_reach_the_functions_with_self) {
    recording_clock record = {.now_ns = 123};
    rein_clock clock = {.now = recorded_now, .sleep_until = record_sleep, .self = &record};
    cr_assert(rein_clock_now(&clock).ns == 123, "now");
    rein_clock_sleep_until(&clock, rein_timestamp_from_ns(456));
    cr_assert(record.slept_until_ns == 456, "sleep until");
}

Test(system_clock, never_goes_back) {
    const rein_clock *clock = rein_clock_system();
    cr_assert(clock == rein_clock_system(), "static storage");
    rein_timestamp before = rein_clock_now(clock);
    for (int round = 0; round < 10000; round++) {
        rein_timestamp now = rein_clock_now(clock);
        cr_assert(rein_timestamp_compare(now, before) >= 0, "round %d went back", round);
        before = now;
    }
}

/* Reads CLOCK_MONOTONIC between two readings of the clock under test. */
Test(system_clock, is_the_monotonic_clock_in_nanoseconds) {
    const rein_clock *clock = rein_clock_system();
    int64_t before = rein_clock_now(clock).ns;
    struct timespec monotonic;
    clock_gettime(CLOCK_MONOTONIC, &monotonic);
    int64_t after = rein_clock_now(clock).ns;
    int64_t between = (int64_t)monotonic.tv_sec * REIN_NS_PER_S + monotonic.tv_nsec;
    cr_assert(before <= between && between <= after, "%lld <= %lld <= %lld", (long long)before,
              (long long)between, (long long)after);
}

Test(system_clock, returns_at_once_if_the_instant_has_passed) {
    const rein_clock *clock = rein_clock_system();
    const int64_t past[] = {INT64_MIN, -1, 0, 1, rein_clock_now(clock).ns};
    int64_t start = rein_clock_now(clock).ns;
    for (size_t index = 0; index < sizeof past / sizeof past[0]; index++) {
        rein_clock_sleep_until(clock, rein_timestamp_from_ns(past[index]));
    }
    int64_t took = rein_clock_now(clock).ns - start;
    cr_assert(took < 5 * REIN_NS_PER_S, "it took %lld ns", (long long)took);
}

static volatile sig_atomic_t alarm_count;

static void count_alarm(int signal_number) {
    (void)signal_number;
    alarm_count++;
}

/* The one test that really waits: only a real wait can be cut short by a real signal. */
Test(system_clock, is_not_cut_short_by_signals) {
    const rein_clock *clock = rein_clock_system();
    struct sigaction action = {.sa_handler = count_alarm};
    sigaction(SIGALRM, &action, NULL);
    struct itimerval timer = {.it_interval = {.tv_usec = 1000}, .it_value = {.tv_usec = 1000}};
    rein_timestamp wake =
        rein_timestamp_add_saturating(rein_clock_now(clock), ns(30 * REIN_NS_PER_MS));
    setitimer(ITIMER_REAL, &timer, NULL);
    rein_clock_sleep_until(clock, wake);
    rein_timestamp now = rein_clock_now(clock);
    timer = (struct itimerval){.it_value = {0}};
    setitimer(ITIMER_REAL, &timer, NULL);
    cr_assert(alarm_count > 0, "the sleep was interrupted");
    cr_assert(rein_timestamp_compare(now, wake) >= 0, "it returned %lld ns early",
              (long long)(wake.ns - now.ns));
}
