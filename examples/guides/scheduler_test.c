/* Tests the scheduler with the mock: no GPU, no engine, no waiting. */
#undef NDEBUG /* keeps assert in release builds */
#include <assert.h>
#include <stdio.h>

#include "mocks/mock_backend.h"
#include "mocks/virtual_clock.h"
#include "scheduler.h"

enum { REQUESTS = 3 };

/* The mock of one case. */
typedef struct mock_setup {
    int64_t latency_ms;           /* of every execution, in virtual time */
    rein_fact_u64 device_time_ns; /* that every execution reports; unknown in a zeroed setup */
    uint64_t failing_call;        /* the execution that fails, from 1; 0: none */
} mock_setup;

static rein_timestamp at_ms(int64_t ms) {
    return rein_timestamp_from_ns(ms * REIN_NS_PER_MS);
}

/* Runs three requests, submitted at once with deadlines at 100, 20 and 25 ms. */
static scheduler_counts run(mock_backend *mock, const rein_backend *backend, rein_model_id model,
                            const rein_clock *clock, rein_ledger *ledger) {
    static const int64_t deadlines_ms[REQUESTS] = {100, 20, 25};
    rein_execution_request requests[REQUESTS];
    for (size_t index = 0; index < REQUESTS; index++) {
        requests[index] = rein_execution_request_make(
            model, REIN_UNWRAP(rein_request_id_generate()), NULL, 0, rein_clock_now(clock));
        requests[index].deadline = at_ms(deadlines_ms[index]);
    }
    scheduler_counts counts = scheduler_run(backend, clock, ledger, requests, REQUESTS);
    const int64_t expected_ms[REQUESTS] = {20, 25, 100};
    for (size_t index = 0; index < REQUESTS; index++) {
        rein_timestamp deadline = mock_backend_execution_history(mock, index)->deadline;
        assert(rein_timestamp_compare(deadline, at_ms(expected_ms[index])) == 0);
    }
    return counts;
}

/* Runs the requests on a new mock, within a compute budget of 12 ms for each execution. */
static scheduler_counts run_case(mock_setup setup) {
    virtual_clock time;
    virtual_clock_init(&time, at_ms(0));
    rein_clock clock = virtual_clock_view(&time);
    mock_backend *mock = REIN_UNWRAP(mock_backend_create(&clock));
    rein_backend backend = mock_backend_bind(mock);
    rein_model_id model = REIN_UNWRAP(rein_model_id_make("resnet50"));
    REIN_UNWRAP(rein_backend_load(&backend, "any path", &model));
    rein_duration latency = rein_duration_from_ns(setup.latency_ms * REIN_NS_PER_MS);
    REIN_UNWRAP(mock_backend_set_latency(mock, latency));
    mock_backend_set_device_time(mock, setup.device_time_ns);
    if (setup.failing_call > 0) {
        REIN_UNWRAP(
            mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, setup.failing_call));
    }
    rein_resource_budget budget = rein_resource_budget_default();
    budget.compute_budget = rein_duration_from_ns(12 * REIN_NS_PER_MS);
    rein_ledger ledger;
    REIN_UNWRAP(rein_ledger_init(&ledger, &budget));
    scheduler_counts counts = run(mock, &backend, model, &clock, &ledger);
    rein_backend_destroy(&backend);
    return counts;
}

int main(void) {
    scheduler_counts fast = run_case((mock_setup){.latency_ms = 10});
    assert(fast.met == 3 && fast.missed == 0 && fast.over_budget == 0);

    /* The executions end at 15, 30 and 45 ms. */
    scheduler_counts slow = run_case((mock_setup){.latency_ms = 15});
    assert(slow.met == 2 && slow.missed == 1 && slow.over_budget == 3);

    /* The host is slow, the device is not: device time counts for the budget. */
    rein_fact_u64 device_time = rein_fact_u64_known(8 * REIN_NS_PER_MS);
    scheduler_counts waiting =
        run_case((mock_setup){.latency_ms = 15, .device_time_ns = device_time});
    assert(waiting.missed == 1 && waiting.over_budget == 0);

    /* The first execution fails at once: the others end at 15 and 30 ms. */
    scheduler_counts faulty = run_case((mock_setup){.latency_ms = 15, .failing_call = 1});
    assert(faulty.failed == 1 && faulty.met == 2 && faulty.missed == 0);

    puts("4 cases passed without waiting");
    return 0;
}
