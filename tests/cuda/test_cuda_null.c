/* NULL for every pointer: refused or handled safely, as documented in contract/contract.h. The
 * check cuda_null_is_covered ensures that every function with a pointer is called here. */
#include <criterion/criterion.h>

#include "cuda/check.h"
#include "cuda/compute_window.h"
#include "cuda/memory_pool.h"
#include "cuda/probe.h"
#include "cuda/scenarios.h"
#include "cuda/stream_pool.h"

#define ASSERT_INVALID(type, call)                                                        \
    do {                                                                                  \
        type result_ = (call);                                                            \
        cr_assert(!result_.is_ok && result_.as.error.code == REIN_ERROR_INVALID_ARGUMENT, \
                  "" #call);                                                              \
    } while (0)

static rein_ledger ledger;

static void set_up(void) {
    scenarios_reset(&ledger);
}

TestSuite(cuda_null, .init = set_up);

Test(cuda_null, is_refused_by_memory_pools) {
    rein_cuda_memory_pool_options without_ledger = {.ledger = NULL};
    ASSERT_INVALID(rein_result_cuda_memory_pool, rein_cuda_memory_pool_create(NULL));
    ASSERT_INVALID(rein_result_cuda_memory_pool, rein_cuda_memory_pool_create(&without_ledger));
    ASSERT_INVALID(rein_result_cuda_allocation, rein_cuda_memory_allocate(NULL, 1));
    ASSERT_INVALID(rein_result_cuda_allocation, rein_cuda_memory_allocate_async(NULL, 1, NULL));
    ASSERT_INVALID(rein_result_void, rein_cuda_memory_free(NULL, NULL));
    ASSERT_INVALID(rein_result_void, rein_cuda_memory_free_async(NULL, NULL, NULL));
    ASSERT_INVALID(rein_result_cuda_collected, rein_cuda_memory_pool_collect(NULL));
    ASSERT_INVALID(rein_result_void, rein_cuda_memory_pool_trim(NULL, 0));
    ASSERT_INVALID(rein_result_cuda_memory_report, rein_cuda_memory_pool_report(NULL));
    cr_assert(rein_cuda_memory_pool_list(NULL, NULL, 0) == 0, "nothing is live");
    cr_assert(rein_cuda_memory_pool_destroy(NULL).is_ok, "nothing to destroy");
    rein_cuda_memory_pool_options options = {.ledger = &ledger};
    rein_cuda_memory_pool *pool = REIN_UNWRAP(rein_cuda_memory_pool_create(&options));
    ASSERT_INVALID(rein_result_void, rein_cuda_memory_free(pool, NULL));
    ASSERT_INVALID(rein_result_void, rein_cuda_memory_free_async(pool, NULL, NULL));
    (void)REIN_UNWRAP(rein_cuda_memory_allocate(pool, 1));
    cr_assert(rein_cuda_memory_pool_list(pool, NULL, 0) == 1, "an array of none");
    cr_assert(rein_cuda_memory_pool_list(pool, NULL, 1) == 1, "counted, not written");
    cr_assert(rein_cuda_memory_pool_destroy(pool).is_ok, "destroyed");
}

Test(cuda_null, is_refused_by_stream_pools) {
    const rein_clock *clock = rein_clock_system();
    rein_timestamp now = rein_timestamp_from_ns(0);
    rein_cuda_stream_lease lease = {.stream = NULL};
    ASSERT_INVALID(rein_result_cuda_stream_pool, rein_cuda_stream_pool_create(NULL));
    ASSERT_INVALID(rein_result_cuda_stream_lease, rein_cuda_stream_try_acquire(NULL, 0));
    ASSERT_INVALID(rein_result_cuda_stream_lease,
                   rein_cuda_stream_acquire_until(NULL, 0, clock, now));
    ASSERT_INVALID(rein_result_void, rein_cuda_stream_release(NULL, &lease));
    cr_assert(rein_cuda_stream_pool_read(NULL).stream_count == 0, "no stream");
    cr_assert(rein_cuda_stream_pool_destroy(NULL).is_ok, "nothing to destroy");
    rein_cuda_stream_pool_options options = {.ledger = &ledger, .counts = {1, 0, 0}};
    rein_cuda_stream_pool *pool = REIN_UNWRAP(rein_cuda_stream_pool_create(&options));
    ASSERT_INVALID(rein_result_cuda_stream_lease,
                   rein_cuda_stream_acquire_until(pool, REIN_CUDA_PRIORITY_LOW, NULL, now));
    ASSERT_INVALID(rein_result_void, rein_cuda_stream_release(pool, NULL));
    cr_assert(rein_cuda_stream_pool_read(pool).leased_count == 0, "nothing was leased");
    cr_assert(rein_cuda_stream_pool_destroy(pool).is_ok, "destroyed");
}

Test(cuda_null, is_refused_by_compute_windows) {
    rein_timestamp never = rein_timestamp_never();
    ASSERT_INVALID(rein_result_cuda_compute_window, rein_cuda_compute_window_create(NULL));
    ASSERT_INVALID(rein_result_ledger_verdict, rein_cuda_compute_window_begin(NULL, NULL, never));
    ASSERT_INVALID(rein_result_void, rein_cuda_compute_window_end(NULL));
    ASSERT_INVALID(rein_result_cuda_execution_time, rein_cuda_compute_window_collect(NULL));
    ASSERT_INVALID(rein_result_cuda_execution_time, rein_cuda_compute_window_wait(NULL));
    ASSERT_INVALID(rein_result_void, rein_cuda_compute_window_abandon(NULL));
    rein_cuda_compute_window_resume(NULL);
    cr_assert(rein_cuda_compute_window_read(NULL).execution_count == 0, "nothing was seen");
    cr_assert(rein_cuda_compute_window_destroy(NULL).is_ok, "nothing to destroy");
}

Test(cuda_null, is_refused_by_probes_and_checks) {
    rein_cuda_report report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT));
    rein_admission_request request = {.model_count = 0};
    ASSERT_INVALID(rein_result_cuda_device, rein_cuda_find_device(NULL));
    ASSERT_INVALID(rein_result_void, rein_cuda_probe_refresh(NULL));
    ASSERT_INVALID(rein_result_cuda_check, rein_cuda_check(0, NULL, NULL));
    ASSERT_INVALID(rein_result_cuda_check, rein_cuda_check_report(NULL, &request, NULL));
    ASSERT_INVALID(rein_result_cuda_check, rein_cuda_check_report(&report, NULL, NULL));
    ASSERT_INVALID(rein_result_cuda_check, rein_cuda_check_budget(0, NULL));
    cr_assert(rein_cuda_condition_of(NULL) == REIN_CUDA_READY,
              "without an error, nothing is blocked");
}
