#include "cuda/stream_pool.h"

#include <criterion/criterion.h>

#include "contract/units.h"
#include "cuda/scenarios.h"
#include "mocks/virtual_clock.h"

static rein_ledger ledger;
static rein_cuda_stream_pool *pool;

static rein_result_cuda_stream_pool create(uint32_t low, uint32_t normal, uint32_t high) {
    rein_cuda_stream_pool_options options = {.ledger = &ledger, .counts = {low, normal, high}};
    return rein_cuda_stream_pool_create(&options);
}

static void set_up(void) {
    scenarios_reset(&ledger);
    pool = REIN_UNWRAP(create(1, 2, 1));
}

static void tear_down(void) {
    cr_assert(rein_cuda_stream_pool_destroy(pool).is_ok, "the pool is destroyed");
    cr_assert(rein_ledger_read(&ledger).streams.used == 0, "the ledger is even");
    cr_assert(simulated_cudart_handles().streams == 0, "no stream is leaked");
}

TestSuite(stream_pool, .init = set_up, .fini = tear_down);

static rein_cuda_stream_lease acquire(rein_cuda_priority priority) {
    return REIN_UNWRAP(rein_cuda_stream_try_acquire(pool, priority));
}

static void release(const rein_cuda_stream_lease *lease) {
    cr_assert(rein_cuda_stream_release(pool, lease).is_ok, "the lease is released");
}

Test(stream_pool, leases_are_exclusive_and_counted) {
    rein_cuda_stream_lease first = acquire(REIN_CUDA_PRIORITY_NORMAL);
    rein_cuda_stream_lease second = acquire(REIN_CUDA_PRIORITY_NORMAL);
    cr_assert(first.verdict.is_granted && second.verdict.is_granted, "two are there");
    cr_assert(first.stream != second.stream, "and differ");
    cr_assert(rein_ledger_read(&ledger).streams.used == 2, "both are charged");
    rein_cuda_stream_lease third = acquire(REIN_CUDA_PRIORITY_NORMAL);
    cr_assert(!third.verdict.is_granted && third.stream == NULL, "a third is refused");
    cr_assert(third.verdict.resource == REIN_RESOURCE_STREAMS, "of streams");
    cr_assert(third.verdict.limit == 2 && third.verdict.used == 2 && third.verdict.shortfall == 1,
              "with its numbers");
    cr_assert(rein_cuda_stream_pool_read(pool).leased_count == 2, "two are leased");
    release(&first);
    cr_assert(rein_ledger_read(&ledger).streams.used == 1, "an idle one is released at once");
    cr_assert(acquire(REIN_CUDA_PRIORITY_NORMAL).stream == first.stream, "and used again");
    rein_result_void refused = rein_cuda_stream_pool_destroy(pool);
    cr_assert(!refused.is_ok && refused.as.error.code == REIN_ERROR_INVALID_STATE &&
                  refused.as.error.numbers[0] == 2,
              "not destroyed while leased");
    release(&second);
    first.generation = 2;
    release(&first);
}

static int priority_number(rein_cuda_priority priority) {
    rein_cuda_stream_lease lease = acquire(priority);
    int number = 1;
    cr_assert(cudaStreamGetPriority(lease.stream, &number) == cudaSuccess, "it is a stream");
    release(&lease);
    return number;
}

Test(stream_pool, a_stream_has_the_priority_that_was_asked_for) {
    cr_assert(priority_number(REIN_CUDA_PRIORITY_LOW) == 0, "the range's least");
    cr_assert(priority_number(REIN_CUDA_PRIORITY_NORMAL) == -2, "its middle");
    cr_assert(priority_number(REIN_CUDA_PRIORITY_HIGH) == -5, "its greatest");
}

Test(stream_pool, a_range_of_priorities_begins_where_the_device_says) {
    simulated_device device = simulated_device_default();
    device.profile.least_stream_priority = rein_fact_i64_known(2);
    device.profile.greatest_stream_priority = rein_fact_i64_known(-4);
    cr_assert(rein_cuda_stream_pool_destroy(pool).is_ok, "destroyed");
    simulated_cudart_reset(&device, 1, CUDART_VERSION);
    pool = REIN_UNWRAP(create(1, 1, 1));
    cr_assert(priority_number(REIN_CUDA_PRIORITY_LOW) == 2, "the range's least");
    cr_assert(priority_number(REIN_CUDA_PRIORITY_NORMAL) == -1, "its middle");
    cr_assert(priority_number(REIN_CUDA_PRIORITY_HIGH) == -4, "its greatest");
}

Test(stream_pool, a_refusal_counts_the_streams_of_its_priority) {
    rein_cuda_stream_lease lease = acquire(REIN_CUDA_PRIORITY_LOW);
    rein_cuda_stream_lease refused = acquire(REIN_CUDA_PRIORITY_LOW);
    cr_assert(!refused.verdict.is_granted, "there is only one");
    cr_assert(refused.verdict.limit == 1 && refused.verdict.used == 1, "and three of the others");
    cr_assert(refused.verdict.requested == 1, "one was requested");
    release(&lease);
}

Test(stream_pool, an_idle_stream_costs_no_call) {
    simulated_cudart_fail_call(0, cudaSuccess);
    rein_cuda_stream_lease lease = acquire(REIN_CUDA_PRIORITY_LOW);
    acquire(REIN_CUDA_PRIORITY_LOW);
    cr_assert(simulated_cudart_call_count() == 0, "neither granted nor refused");
    release(&lease);
}

Test(stream_pool, leases_again_only_idle_streams) {
    rein_cuda_stream_lease lease = acquire(REIN_CUDA_PRIORITY_HIGH);
    simulated_cudart_submit_work(lease.stream, 1000);
    release(&lease);
    cr_assert(rein_cuda_stream_pool_read(pool).draining_count == 1, "it drains");
    cr_assert(rein_ledger_read(&ledger).streams.used == 1, "and is still charged");
    cr_assert(!acquire(REIN_CUDA_PRIORITY_HIGH).verdict.is_granted, "not handed on");
    cr_assert(cudaPeekAtLastError() == cudaSuccess, "not ready is not left behind");
    simulated_cudart_advance(1000);
    rein_cuda_stream_lease again = acquire(REIN_CUDA_PRIORITY_HIGH);
    cr_assert(again.verdict.is_granted, "now it is");
    release(&again);
}

Test(stream_pool, a_lease_is_released_once) {
    rein_cuda_stream_lease lease = acquire(REIN_CUDA_PRIORITY_LOW);
    release(&lease);
    rein_result_void again = rein_cuda_stream_release(pool, &lease);
    cr_assert(!again.is_ok && again.as.error.code == REIN_ERROR_INVALID_ARGUMENT, "not twice");
    rein_cuda_stream_lease other = acquire(REIN_CUDA_PRIORITY_LOW);
    again = rein_cuda_stream_release(pool, &lease);
    cr_assert(!again.is_ok, "not in place of a later one");
    lease.slot = 4; /* the first slot that does not exist */
    cr_assert(!rein_cuda_stream_release(pool, &lease).is_ok, "nor by a slot that is none");
    release(&other);
}

static rein_cuda_stream_lease returning;

static void expect_still_leased(void) {
    rein_cuda_stream_usage usage = rein_cuda_stream_pool_read(pool);
    cr_assert(usage.leased_count == 1 && usage.draining_count == 0, "it is still leased");
    cr_assert(!rein_cuda_stream_release(pool, &returning).is_ok, "and no other stream is released");
    rein_cuda_stream_lease other = acquire(REIN_CUDA_PRIORITY_HIGH);
    cr_assert(other.verdict.is_granted, "another stream is available meanwhile");
    release(&other);
}

Test(stream_pool, does_not_block_others_while_the_device_is_queried) {
    returning = acquire(REIN_CUDA_PRIORITY_LOW);
    simulated_cudart_meanwhile("cudaStreamIsCapturing", expect_still_leased);
    release(&returning);
    cr_assert(rein_cuda_stream_pool_read(pool).leased_count == 0, "now it is released");
}

Test(stream_pool, waits_by_the_clock) {
    virtual_clock time;
    virtual_clock_init(&time, rein_timestamp_from_ns(1));
    rein_clock clock = virtual_clock_view(&time);
    rein_cuda_stream_lease lease = acquire(REIN_CUDA_PRIORITY_LOW);
    rein_timestamp deadline = rein_timestamp_from_ns(rein_clock_now(&clock).ns + 250000);
    rein_cuda_stream_lease refused =
        REIN_UNWRAP(rein_cuda_stream_acquire_until(pool, REIN_CUDA_PRIORITY_LOW, &clock, deadline));
    cr_assert(!refused.verdict.is_granted, "it was not released");
    cr_assert(rein_clock_now(&clock).ns == deadline.ns, "the deadline was waited for, and no more");
    release(&lease);
    rein_cuda_stream_lease granted =
        REIN_UNWRAP(rein_cuda_stream_acquire_until(pool, REIN_CUDA_PRIORITY_LOW, &clock, deadline));
    cr_assert(granted.verdict.is_granted, "a past deadline still means one try");
    release(&granted);
    rein_result_cuda_stream_lease wrong =
        rein_cuda_stream_acquire_until(pool, (rein_cuda_priority)3, &clock, deadline);
    cr_assert(!wrong.is_ok && wrong.as.error.code == REIN_ERROR_INVALID_ARGUMENT, "an error ends");
    cr_assert(!rein_cuda_stream_try_acquire(pool, (rein_cuda_priority)-1).is_ok, "-1 is none");
}

Test(stream_pool, works_while_another_thread_captures) {
    rein_cuda_stream_lease lease = acquire(REIN_CUDA_PRIORITY_LOW);
    simulated_cudart_set_capturing(lease.stream, true);
    rein_ledger other;
    rein_resource_budget budget = rein_resource_budget_default();
    cr_assert(rein_ledger_init(&other, &budget).is_ok, "a ledger");
    rein_cuda_stream_pool_options options = {.ledger = &other, .counts = {0, 1, 0}};
    rein_result_cuda_stream_pool made = rein_cuda_stream_pool_create(&options);
    cr_assert(made.is_ok, "streams are created meanwhile");
    cr_assert(rein_cuda_stream_pool_destroy(REIN_VALUE(made)).is_ok, "and destroyed");
    rein_result_void refused = rein_cuda_stream_release(pool, &lease);
    cr_assert(!refused.is_ok && refused.as.error.code == REIN_ERROR_INVALID_STATE,
              "the capturing stream is not taken back");
    simulated_cudart_set_capturing(lease.stream, false);
    release(&lease);
}

Test(stream_pool, releasing_leaves_the_callers_pending_error) {
    rein_cuda_stream_lease lease = acquire(REIN_CUDA_PRIORITY_LOW);
    simulated_cudart_submit_work(lease.stream, 1000);
    cr_assert(cudaSetDevice(99) == cudaErrorInvalidDevice, "the caller's own failure");
    release(&lease);
    rein_result_cuda_stream_lease refused =
        rein_cuda_stream_try_acquire(pool, REIN_CUDA_PRIORITY_LOW);
    cr_assert(!refused.is_ok && refused.as.error.code == REIN_ERROR_INVALID_STATE,
              "polling would overwrite it");
    cr_assert(cudaGetLastError() == cudaErrorInvalidDevice, "it is still the caller's");
}

Test(stream_pool, is_poisoned_by_a_lost_device) {
    rein_cuda_stream_lease lease = acquire(REIN_CUDA_PRIORITY_LOW);
    simulated_cudart_lose_device(0, cudaErrorLaunchFailure);
    rein_result_void refused = rein_cuda_stream_release(pool, &lease);
    cr_assert(!refused.is_ok && refused.as.error.code == REIN_ERROR_DEVICE_LOST, "it is found out");
    rein_result_cuda_stream_lease more =
        rein_cuda_stream_try_acquire(pool, REIN_CUDA_PRIORITY_HIGH);
    cr_assert(!more.is_ok && more.as.error.code == REIN_ERROR_DEVICE_LOST, "no more leases");
    release(&lease);
    cr_assert(rein_ledger_read(&ledger).streams.used == 0, "its unit is released at once");
}

Test(stream_pool, a_lost_device_with_leases_can_be_destroyed) {
    rein_cuda_stream_lease lease = acquire(REIN_CUDA_PRIORITY_LOW);
    simulated_cudart_lose_device(0, cudaErrorLaunchFailure);
    cr_assert(!rein_cuda_stream_release(pool, &lease).is_ok, "it is found out");
    cr_assert(lease.verdict.is_granted, "the lease is still out");
}

Test(stream_pool, the_ledger_can_refuse_too) {
    for (int i = 0; i < 4; i++) {
        cr_assert(rein_ledger_acquire_stream(&ledger).is_granted, "taken elsewhere");
    }
    simulated_cudart_fail_call(0, cudaSuccess);
    rein_cuda_stream_lease lease = acquire(REIN_CUDA_PRIORITY_LOW);
    cr_assert(!lease.verdict.is_granted && lease.verdict.limit == 4, "the budget's limit");
    cr_assert(simulated_cudart_call_count() == 0, "no stream that drains, no call");
    for (int i = 0; i < 4; i++) {
        cr_assert(rein_ledger_release_stream(&ledger).is_ok, "released elsewhere");
    }
}

static void assert_does_not_block(rein_cuda_priority busy, rein_cuda_priority wanted) {
    rein_cuda_stream_lease first = acquire(busy);
    simulated_cudart_submit_work(first.stream, 1000);
    release(&first);
    for (int i = 0; i < 3; i++) {
        cr_assert(rein_ledger_acquire_stream(&ledger).is_granted, "taken elsewhere");
    }
    cr_assert(!acquire(wanted).verdict.is_granted, "the work still runs");
    simulated_cudart_advance(1000);
    rein_cuda_stream_lease second = acquire(wanted);
    cr_assert(second.verdict.is_granted, "its unit is free");
    cr_assert(rein_ledger_read(&ledger).streams.used == 4, "and used again");
    release(&second);
    for (int i = 0; i < 3; i++) {
        cr_assert(rein_ledger_release_stream(&ledger).is_ok, "released elsewhere");
    }
}

Test(stream_pool, a_stream_that_is_idle_again_does_not_block_another_priority) {
    assert_does_not_block(REIN_CUDA_PRIORITY_LOW, REIN_CUDA_PRIORITY_HIGH);
    assert_does_not_block(REIN_CUDA_PRIORITY_HIGH, REIN_CUDA_PRIORITY_LOW);
}

static void assert_invalid(rein_result_cuda_stream_pool made, const char *why) {
    cr_assert(!made.is_ok && made.as.error.code == REIN_ERROR_INVALID_ARGUMENT, "%s", why);
}

Test(stream_pool, checks_its_options) {
    assert_invalid(create(0, 0, 0), "none");
    assert_invalid(create(2, 2, 1), "above the limit");
    assert_invalid(create(UINT32_MAX, UINT32_MAX, 2), "no wrapped sum");
    assert_invalid(rein_cuda_stream_pool_create(NULL), "no options");
    rein_cuda_stream_pool_options options = {.counts = {1, 0, 0}};
    assert_invalid(rein_cuda_stream_pool_create(&options), "no ledger");
    cr_assert(rein_cuda_stream_pool_destroy(NULL).is_ok, "destroying NULL does nothing");
}

Test(stream_pool, says_whether_there_are_priorities) {
    cr_assert(rein_cuda_stream_pool_read(pool).has_priorities, "device 0 has");
    rein_cuda_stream_pool_options options = {.device = 1, .ledger = &ledger, .counts = {1, 0, 0}};
    rein_cuda_stream_pool *other = REIN_UNWRAP(rein_cuda_stream_pool_create(&options));
    cr_assert(!rein_cuda_stream_pool_read(other).has_priorities, "device 1 has none");
    cr_assert(rein_cuda_stream_pool_destroy(other).is_ok, "destroyed");
}

Test(stream_pool, a_refused_destruction_leases_nothing_more) {
    rein_cuda_stream_lease lease = acquire(REIN_CUDA_PRIORITY_HIGH);
    simulated_cudart_submit_work(lease.stream, 1000);
    release(&lease);
    simulated_cudart_fail_function("cudaStreamDestroy", cudaErrorDevicesUnavailable);
    cr_assert(!rein_cuda_stream_pool_destroy(pool).is_ok, "CUDA refuses");
    simulated_cudart_fail_call(2 + 3, cudaErrorDevicesUnavailable);
    cr_assert(!rein_cuda_stream_pool_destroy(pool).is_ok, "and once more, further on");
    cr_assert(!acquire(REIN_CUDA_PRIORITY_LOW).verdict.is_granted, "that one is gone");
    simulated_cudart_fail_call(0, cudaSuccess);
    cr_assert(!acquire(REIN_CUDA_PRIORITY_NORMAL).verdict.is_granted, "one that is left stays in");
    cr_assert(!acquire(REIN_CUDA_PRIORITY_HIGH).verdict.is_granted, "one that drains does too");
    cr_assert(simulated_cudart_call_count() == 0, "without a call");
}
