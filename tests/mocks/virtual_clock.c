#include "mocks/virtual_clock.h"

static rein_timestamp read_now(void *self) {
    virtual_clock *clock = self;
    return rein_timestamp_from_ns(atomic_load(&clock->now_ns));
}

static void move_to(void *self, rein_timestamp wake) {
    virtual_clock *clock = self;
    int64_t now_ns = atomic_load(&clock->now_ns);
    while (now_ns < wake.ns && !atomic_compare_exchange_weak(&clock->now_ns, &now_ns, wake.ns)) {
    }
}

void virtual_clock_init(virtual_clock *clock, rein_timestamp start) {
    atomic_init(&clock->now_ns, start.ns);
}

rein_clock virtual_clock_view(virtual_clock *clock) {
    return (rein_clock){.now = read_now, .sleep_until = move_to, .self = clock};
}

rein_result_timestamp virtual_clock_advance(virtual_clock *clock, rein_duration span) {
    if (span.ns < 0) {
        rein_error error = rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                                           "span is {duration}, expected zero or more");
        return rein_result_timestamp_fail(rein_error_with_numbers(error, (uint64_t)span.ns, 0, 0));
    }
    int64_t now_ns = atomic_load(&clock->now_ns);
    for (;;) {
        rein_result_timestamp next = rein_timestamp_add(rein_timestamp_from_ns(now_ns), span);
        if (!next.is_ok ||
            atomic_compare_exchange_weak(&clock->now_ns, &now_ns, REIN_VALUE(next).ns)) {
            return next;
        }
    }
}
