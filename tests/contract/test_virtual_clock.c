#include "mocks/virtual_clock.h"

#include <pthread.h>

#include "expect.h"

static virtual_clock clock_at(int64_t start_ns) {
    virtual_clock clock;
    virtual_clock_init(&clock, rein_timestamp_from_ns(start_ns));
    return clock;
}

static int64_t now_ns(virtual_clock *clock) {
    rein_clock view = virtual_clock_view(clock);
    return rein_clock_now(&view).ns;
}

static void sleep_until_ns(virtual_clock *clock, int64_t wake_ns) {
    rein_clock view = virtual_clock_view(clock);
    rein_clock_sleep_until(&view, rein_timestamp_from_ns(wake_ns));
}

Test(virtual_clock, keeps_the_time_that_was_set) {
    virtual_clock clock = clock_at(-7);
    cr_assert(now_ns(&clock) == -7, "starts at the time that was set");
    cr_assert(now_ns(&clock) == -7, "does not move by itself");
}

Test(virtual_clock, sleeping_moves_it_to_the_wake_instant) {
    virtual_clock clock = clock_at(100);
    sleep_until_ns(&clock, 101);
    cr_assert(now_ns(&clock) == 101, "one nanosecond on");
    sleep_until_ns(&clock, INT64_MAX);
    cr_assert(now_ns(&clock) == INT64_MAX, "to the end of time, without waiting");
}

Test(virtual_clock, never_goes_back) {
    virtual_clock clock = clock_at(100);
    sleep_until_ns(&clock, 100);
    sleep_until_ns(&clock, 99);
    sleep_until_ns(&clock, INT64_MIN);
    cr_assert(now_ns(&clock) == 100, "an instant that has passed changes nothing");
}

Test(virtual_clock, advances_by_a_span) {
    virtual_clock clock = clock_at(5);
    rein_result_timestamp moved = virtual_clock_advance(&clock, rein_duration_from_ns(0));
    cr_assert(REIN_VALUE(moved).ns == 5, "by nothing");
    moved = virtual_clock_advance(&clock, rein_duration_from_ns(INT64_MAX - 5));
    cr_assert(REIN_VALUE(moved).ns == INT64_MAX, "to the last instant");
    cr_assert(now_ns(&clock) == INT64_MAX, "advance returns the current time");
}

Test(virtual_clock, refuses_spans_that_it_cannot_advance_by) {
    virtual_clock clock = clock_at(6);
    rein_result_timestamp moved = virtual_clock_advance(&clock, rein_duration_from_ns(-1));
    expect_invalid(&REIN_ERROR(moved), "span -1ns");
    moved = virtual_clock_advance(&clock, rein_duration_from_ns(INT64_MAX - 5));
    cr_assert(REIN_ERROR(moved).code == REIN_ERROR_INVALID_ARGUMENT, "after the last instant");
    cr_assert(now_ns(&clock) == 6, "a refused span changes nothing");
}

enum { SLEEPER_COUNT = 4, SLEEPS = 1000 };

typedef struct sleeper {
    virtual_clock *clock;
    int64_t first_ns;
    bool woke_early;
} sleeper;

static void *sleep_often(void *argument) {
    sleeper *self = argument;
    for (int64_t turn = 0; turn < SLEEPS; turn++) {
        int64_t wake_ns = self->first_ns + SLEEPER_COUNT * turn;
        sleep_until_ns(self->clock, wake_ns);
        self->woke_early = self->woke_early || now_ns(self->clock) < wake_ns;
    }
    return NULL;
}

Test(virtual_clock, ends_at_the_latest_instant_that_any_thread_asked_for) {
    virtual_clock clock = clock_at(0);
    pthread_t threads[SLEEPER_COUNT];
    sleeper sleepers[SLEEPER_COUNT];
    for (int index = 0; index < SLEEPER_COUNT; index++) {
        sleepers[index] = (sleeper){.clock = &clock, .first_ns = index};
        cr_assert(pthread_create(&threads[index], NULL, sleep_often, &sleepers[index]) == 0,
                  "a thread starts");
    }
    for (int index = 0; index < SLEEPER_COUNT; index++) {
        pthread_join(threads[index], NULL);
        cr_assert(!sleepers[index].woke_early, "sleeper %d woke at its instant or later", index);
    }
    cr_assert(now_ns(&clock) == SLEEPER_COUNT * SLEEPS - 1, "ended at %lld",
              (long long)now_ns(&clock));
}
