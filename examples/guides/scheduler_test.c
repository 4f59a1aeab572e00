/* The scheduler against the mock: no GPU, no engine, and not a millisecond of waiting. */
#undef NDEBUG /* assert in a release, too */
#include <assert.h>
#include <stdio.h>

#include "mocks/mock_backend.h"
#include "mocks/virtual_clock.h"
#include "scheduler.h"

enum { REQUESTS = 3 };

static rein_timestamp at_ms(int64_t ms) {
    return rein_timestamp_from_ns(ms * REIN_NS_PER_MS);
}

/* Runs three requests, submitted at once with deadlines at 100, 20 and 25 ms. */
static scheduler_counts run(mock_backend *mock, const rein_backend *backend,
                            const rein_clock *clock, rein_ledger *ledger) {
    static const int64_t deadlines_ms[REQUESTS] = {100, 20, 25};
    rein_execution_request requests[REQUESTS];
    for (size_t index = 0; index < REQUESTS; index++) {
        requests[index] =
            (rein_execution_request){.model_id = REIN_UNWRAP(rein_model_id_make("any")),
                                     .deadline = at_ms(deadlines_ms[index]),
                                     .submission_time = rein_clock_now(clock)};
    }
    scheduler_counts counts = scheduler_run(backend, clock, ledger, requests, REQUESTS);
    const int64_t expected_ms[REQUESTS] = {20, 25, 100};
    for (size_t index = 0; index < REQUESTS; index++) {
        rein_timestamp deadline = mock_backend_execution_history(mock, index)->deadline;
        assert(rein_timestamp_compare(deadline, at_ms(expected_ms[index])) == 0);
    }
    return counts;
}

/* A mock of its own for each case, whose executions take `latency_ms` of virtual time. */
static scheduler_counts run_case(int64_t latency_ms, uint64_t failing_call) {
    virtual_clock time;
    virtual_clock_init(&time, at_ms(0));
    rein_clock clock = virtual_clock_view(&time);
    mock_backend *mock = REIN_UNWRAP(mock_backend_create(&clock));
    rein_backend backend = mock_backend_bind(mock);
    REIN_UNWRAP(rein_backend_load(&backend, "any"));
    rein_duration latency = rein_duration_from_ns(latency_ms * REIN_NS_PER_MS);
    REIN_UNWRAP(mock_backend_set_latency(mock, latency));
    if (failing_call > 0) {
        REIN_UNWRAP(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, failing_call));
    }
    rein_resource_budget budget = rein_resource_budget_default();
    budget.compute_budget = rein_duration_from_ns(12 * REIN_NS_PER_MS);
    rein_ledger ledger;
    REIN_UNWRAP(rein_ledger_init(&ledger, &budget));
    scheduler_counts counts = run(mock, &backend, &clock, &ledger);
    rein_backend_destroy(&backend);
    return counts;
}

int main(void) {
    scheduler_counts fast = run_case(10, 0);
    assert(fast.met == 3 && fast.missed == 0 && fast.over_budget == 0);

    scheduler_counts slow = run_case(15, 0); /* ends at 15, 30 and 45 ms */
    assert(slow.met == 2 && slow.missed == 1 && slow.over_budget == 3);

    scheduler_counts faulty = run_case(15, 1); /* fails at once: the others end at 15 and 30 ms */
    assert(faulty.failed == 1 && faulty.met == 2 && faulty.missed == 0);

    puts("3 cases passed in no time");
    return 0;
}
