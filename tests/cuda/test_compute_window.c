#include "cuda/compute_window.h"

#include <criterion/criterion.h>
#include <math.h>

#include "cuda/scenarios.h"
#include "mocks/virtual_clock.h"

static rein_ledger ledger;
static virtual_clock host_time;
static rein_clock host_clock;
static rein_cuda_compute_window *window;
static cudaStream_t stream;

static void set_up(void) {
    scenarios_reset(&ledger);
    virtual_clock_init(&host_time, rein_timestamp_from_ns(0));
    host_clock = virtual_clock_view(&host_time);
    cr_assert(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking) == cudaSuccess, "a stream");
    rein_cuda_compute_window_options options = {.ledger = &ledger, .clock = &host_clock};
    window = REIN_UNWRAP(rein_cuda_compute_window_create(&options));
}

static void tear_down(void) {
    cr_assert(rein_cuda_compute_window_destroy(window).is_ok, "the window is destroyed");
    cr_assert(simulated_cudart_handles().events == 0, "no event is leaked");
}

TestSuite(compute_window, .init = set_up, .fini = tear_down);

static rein_ledger_verdict begin(rein_timestamp deadline) {
    rein_ledger_verdict verdict =
        REIN_UNWRAP(rein_cuda_compute_window_begin(window, stream, deadline));
    cr_assert(verdict.resource == REIN_RESOURCE_COMPUTE, "of compute time");
    return verdict;
}

static rein_cuda_execution_time execute(uint64_t ns, rein_timestamp deadline) {
    cr_assert(begin(deadline).is_granted, "the submission passes");
    simulated_cudart_submit_work(stream, ns);
    cr_assert(rein_cuda_compute_window_end(window).is_ok, "it is ended");
    return REIN_UNWRAP(rein_cuda_compute_window_wait(window));
}

static void assert_invalid_state(bool is_ok, const rein_error *error) {
    cr_assert(!is_ok && error->code == REIN_ERROR_INVALID_STATE, "not in this state");
}

Test(compute_window, measures_and_accounts) {
    rein_cuda_execution_time time = execute(3000000, rein_timestamp_never());
    cr_assert(time.is_complete && time.elapsed.ns == 3000000, "3 ms");
    cr_assert(time.budget.is_granted && time.deadline_met, "in budget and in time");
    execute(1000000, rein_timestamp_never());
    cr_assert(rein_ledger_read(&ledger).compute_ns.used == 4000000, "the ledger has both");
    rein_cuda_compute_statistics statistics = rein_cuda_compute_window_read(window);
    cr_assert(statistics.execution_count == 2 && statistics.total_ns == 4000000, "so has it");
    cr_assert(statistics.p50.ns == 1000000 && statistics.p99.ns == 3000000, "percentiles");
    cr_assert(statistics.longest.ns == 3000000, "the longest");
    execute(2000000, rein_timestamp_never());
    cr_assert(rein_cuda_compute_window_read(window).execution_count == 3, "and continues");
}

Test(compute_window, reports_an_execution_that_is_not_complete) {
    cr_assert(begin(rein_timestamp_never()).is_granted, "begun");
    simulated_cudart_submit_work(stream, 1000);
    cr_assert(rein_cuda_compute_window_end(window).is_ok, "ended");
    rein_result_cuda_execution_time early = rein_cuda_compute_window_collect(window);
    cr_assert(early.is_ok && !REIN_VALUE(early).is_complete, "not yet");
    cr_assert(cudaPeekAtLastError() == cudaSuccess, "not ready is not left behind");
    cr_assert(rein_ledger_read(&ledger).compute_ns.used == 0, "nothing is accounted");
    simulated_cudart_advance(1000);
    rein_result_cuda_execution_time late = rein_cuda_compute_window_collect(window);
    cr_assert(late.is_ok && REIN_VALUE(late).elapsed.ns == 1000, "now it is");
}

Test(compute_window, refuses_after_an_execution_over_the_budget) {
    rein_cuda_execution_time time = execute(150000000, rein_timestamp_never());
    cr_assert(!time.budget.is_granted && time.budget.shortfall == 50000000, "50 ms too long");
    simulated_cudart_fail_call(0, cudaSuccess);
    rein_ledger_verdict refused = begin(rein_timestamp_never());
    cr_assert(!refused.is_granted, "the next submission is refused");
    cr_assert(refused.requested == 150000000 && refused.limit == 100000000, "with the numbers");
    cr_assert(simulated_cudart_call_count() == 0, "without a CUDA call");
    rein_cuda_compute_window_resume(window);
    for (int i = 0; i < 2; i++) {
        cr_assert(execute(1000, rein_timestamp_never()).budget.is_granted, "until it may continue");
    }
    rein_cuda_compute_statistics statistics = rein_cuda_compute_window_read(window);
    cr_assert(statistics.over_budget_count == 1 && statistics.refused_count == 1, "both counted");
}

Test(compute_window, judges_the_deadline_by_the_hosts_clock) {
    rein_timestamp deadline = rein_timestamp_from_ns(7);
    cr_assert(virtual_clock_advance(&host_time, rein_duration_from_ns(7)).is_ok, "time passes");
    for (int i = 0; i < 2; i++) {
        cr_assert(execute(1000, deadline).deadline_met, "just in time");
    }
    cr_assert(virtual_clock_advance(&host_time, rein_duration_from_ns(1)).is_ok, "time passes");
    cr_assert(!execute(1000, deadline).deadline_met, "too late");
    rein_cuda_compute_statistics statistics = rein_cuda_compute_window_read(window);
    cr_assert(statistics.late_count == 1, "one was late");
    cr_assert(statistics.total_ns == 3000, "and all three took time");
}

/* 999 per mille of 999 samples are 998.001, which rounds up to all of them. */
Test(compute_window, rounds_a_rank_up) {
    for (uint64_t us = 1; us <= 999; us++) {
        (void)execute(us * 1000, rein_timestamp_never());
    }
    rein_cuda_compute_statistics statistics = rein_cuda_compute_window_read(window);
    cr_assert(statistics.p999.ns == 999000, "the longest: %lld", (long long)statistics.p999.ns);
    cr_assert(statistics.p50.ns == 500000, "the one in the middle");
}

Test(compute_window, enforces_its_order_of_calls) {
    rein_result_void ended = rein_cuda_compute_window_end(window);
    assert_invalid_state(ended.is_ok, &ended.as.error);
    rein_result_cuda_execution_time time = rein_cuda_compute_window_collect(window);
    assert_invalid_state(time.is_ok, &time.as.error);
    cr_assert(begin(rein_timestamp_never()).is_granted, "begun");
    rein_result_ledger_verdict again =
        rein_cuda_compute_window_begin(window, stream, rein_timestamp_never());
    assert_invalid_state(again.is_ok, &again.as.error);
    time = rein_cuda_compute_window_wait(window);
    assert_invalid_state(time.is_ok, &time.as.error);
}

Test(compute_window, can_be_ended_again_after_a_failure) {
    cr_assert(begin(rein_timestamp_never()).is_granted, "begun");
    simulated_cudart_submit_work(stream, 1000);
    simulated_cudart_fail_function("cudaEventRecord", cudaErrorUnknown);
    cr_assert(!rein_cuda_compute_window_end(window).is_ok, "not ended");
    cr_assert(rein_cuda_compute_window_end(window).is_ok, "still begun");
    rein_result_cuda_execution_time result = rein_cuda_compute_window_wait(window);
    cr_assert(result.is_ok && REIN_VALUE(result).elapsed.ns == 1000, "measured");
}

Test(compute_window, leaves_a_capturing_stream_alone) {
    simulated_cudart_set_capturing(stream, true);
    rein_result_ledger_verdict begun =
        rein_cuda_compute_window_begin(window, stream, rein_timestamp_never());
    assert_invalid_state(begun.is_ok, &begun.as.error);
    simulated_cudart_set_capturing(stream, false);
    cr_assert(begin(rein_timestamp_never()).is_granted, "it was not begun");
}

Test(compute_window, abandons_what_cannot_be_ended) {
    rein_result_void nothing = rein_cuda_compute_window_abandon(window);
    assert_invalid_state(nothing.is_ok, &nothing.as.error);
    cr_assert(begin(rein_timestamp_never()).is_granted, "begun");
    cr_assert(cudaStreamDestroy(stream) == cudaSuccess, "its stream is destroyed");
    cr_assert(!rein_cuda_compute_window_end(window).is_ok, "it cannot be ended");
    simulated_cudart_fail_call(0, cudaSuccess);
    cr_assert(rein_cuda_compute_window_abandon(window).is_ok, "but abandoned");
    cr_assert(simulated_cudart_call_count() == 0, "without a CUDA call");
    cr_assert(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking) == cudaSuccess,
              "a new one");
    cr_assert(execute(1000, rein_timestamp_never()).elapsed.ns == 1000, "the next is measured");
    rein_cuda_compute_statistics statistics = rein_cuda_compute_window_read(window);
    cr_assert(statistics.abandoned_count == 1 && statistics.execution_count == 1, "both count");
}

Test(compute_window, abandons_what_was_ended_and_is_not_collected) {
    cr_assert(begin(rein_timestamp_never()).is_granted, "begun");
    simulated_cudart_submit_work(stream, 1000);
    cr_assert(rein_cuda_compute_window_end(window).is_ok, "ended");
    cr_assert(rein_cuda_compute_window_abandon(window).is_ok, "abandoned");
    cr_assert(rein_ledger_read(&ledger).compute_ns.used == 0, "nothing is accounted");
    cr_assert(!rein_cuda_compute_window_collect(window).is_ok, "nothing is left to collect");
}

Test(compute_window, drops_an_invalid_time) {
    static const float spans[] = {-1.0f, INFINITY, NAN};
    for (int i = 0; i < 3; i++) {
        cr_assert(begin(rein_timestamp_never()).is_granted, "begun");
        cr_assert(rein_cuda_compute_window_end(window).is_ok, "ended");
        simulated_cudart_set_next_span(spans[i]);
        rein_result_cuda_execution_time time = rein_cuda_compute_window_collect(window);
        cr_assert(!time.is_ok && time.as.error.code == REIN_ERROR_INTERNAL_ERROR, "span %d", i);
    }
    cr_assert(rein_ledger_read(&ledger).compute_ns.used == 0, "nothing is accounted");
}

Test(compute_window, keeps_the_last_samples) {
    for (int i = 0; i < REIN_CUDA_WINDOW_SAMPLE_COUNT; i++) {
        execute(90000000, rein_timestamp_never());
    }
    for (int i = 1; i <= REIN_CUDA_WINDOW_SAMPLE_COUNT; i++) {
        execute((uint64_t)i * 1000, rein_timestamp_never());
    }
    rein_cuda_compute_statistics statistics = rein_cuda_compute_window_read(window);
    cr_assert(statistics.p50.ns == 512000, "p50 is %lld", (long long)statistics.p50.ns);
    cr_assert(statistics.p90.ns == 922000, "p90 is %lld", (long long)statistics.p90.ns);
    cr_assert(statistics.p99.ns == 1014000, "p99 is %lld", (long long)statistics.p99.ns);
    cr_assert(statistics.p999.ns == 1023000, "p999 is %lld", (long long)statistics.p999.ns);
    cr_assert(statistics.longest.ns == 1024000, "the old ones are forgotten");
}

Test(compute_window, has_no_percentiles_before_the_first) {
    rein_cuda_compute_statistics statistics = rein_cuda_compute_window_read(window);
    cr_assert(statistics.execution_count == 0 && statistics.p50.ns == 0, "nothing");
}

Test(compute_window, the_total_does_not_wrap) {
    for (int i = 0; i < 20; i++) {
        cr_assert(begin(rein_timestamp_never()).is_granted, "begun");
        cr_assert(rein_cuda_compute_window_end(window).is_ok, "ended");
        simulated_cudart_set_next_span(1e12f);
        cr_assert(rein_cuda_compute_window_collect(window).is_ok, "31 years");
        rein_cuda_compute_window_resume(window);
    }
    cr_assert(rein_cuda_compute_window_read(window).total_ns == UINT64_MAX, "it stops");
}

Test(compute_window, is_poisoned_by_a_lost_device) {
    cr_assert(begin(rein_timestamp_never()).is_granted, "begun");
    simulated_cudart_lose_device(0, cudaErrorLaunchTimeout);
    rein_result_void ended = rein_cuda_compute_window_end(window);
    cr_assert(!ended.is_ok && ended.as.error.code == REIN_ERROR_DEVICE_LOST, "it is found out");
    cr_assert(!rein_cuda_compute_window_begin(window, stream, rein_timestamp_never()).is_ok, "1");
    cr_assert(!rein_cuda_compute_window_collect(window).is_ok, "2");
    cr_assert(!rein_cuda_compute_window_end(window).is_ok, "3");
    cr_assert(rein_cuda_compute_window_read(window).execution_count == 0, "it can be read");
}

Test(compute_window, checks_its_options) {
    rein_result_cuda_compute_window made = rein_cuda_compute_window_create(NULL);
    cr_assert(!made.is_ok && made.as.error.code == REIN_ERROR_INVALID_ARGUMENT, "no options");
    rein_cuda_compute_window_options options = {.device = 0};
    made = rein_cuda_compute_window_create(&options);
    cr_assert(!made.is_ok && made.as.error.code == REIN_ERROR_INVALID_ARGUMENT, "no ledger");
    options = (rein_cuda_compute_window_options){.device = 9, .ledger = &ledger};
    made = rein_cuda_compute_window_create(&options);
    cr_assert(!made.is_ok && made.as.error.code == REIN_ERROR_NOT_FOUND, "no device 9");
    cr_assert(rein_cuda_compute_window_destroy(NULL).is_ok, "destroying NULL does nothing");
}
