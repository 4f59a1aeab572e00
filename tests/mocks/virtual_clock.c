#include "mocks/virtual_clock.h"

static int64_t read_ns(const virtual_clock *clock) {
    return __atomic_load_n(&clock->now_ns, __ATOMIC_SEQ_CST);
}

/* Sets the clock if its time is `*expected_ns`. Otherwise writes its time there and returns false.
 */
static bool replace_ns(virtual_clock *clock, int64_t *expected_ns, int64_t new_ns) {
    return __atomic_compare_exchange_n(&clock->now_ns, expected_ns, new_ns, true, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
}

static rein_timestamp read_now(void *self) {
    virtual_clock *clock = self;
    return rein_timestamp_from_ns(read_ns(clock));
}

static void move_to(void *self, rein_timestamp wake) {
    virtual_clock *clock = self;
    int64_t now_ns = read_ns(clock);
    while (now_ns < wake.ns && !replace_ns(clock, &now_ns, wake.ns)) {
    }
}

void virtual_clock_init(virtual_clock *clock, rein_timestamp start) {
    __atomic_store_n(&clock->now_ns, start.ns, __ATOMIC_SEQ_CST);
}

rein_clock virtual_clock_view(virtual_clock *clock) {
    return (rein_clock){.now = read_now, .sleep_until = move_to, .self = clock};
}

rein_result_timestamp virtual_clock_advance(virtual_clock *clock, rein_duration span) {
    if (span.ns < 0) {
        rein_error error = rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                                           "span is {duration}; it must not be negative");
        return rein_result_timestamp_fail(rein_error_with_numbers(error, (uint64_t)span.ns, 0, 0));
    }
    int64_t now_ns = read_ns(clock);
    for (;;) {
        rein_result_timestamp next = rein_timestamp_add(rein_timestamp_from_ns(now_ns), span);
        if (!next.is_ok || replace_ns(clock, &now_ns, REIN_VALUE(next).ns)) {
            return next;
        }
    }
}
