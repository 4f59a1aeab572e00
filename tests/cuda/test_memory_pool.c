#include "cuda/memory_pool.h"

#include <criterion/criterion.h>
#include <string.h>

#include "contract/units.h"
#include "cuda/scenarios.h"
#include "expect.h"

static rein_ledger ledger;
static rein_cuda_memory_pool *pool;

static rein_result_cuda_memory_pool create_on(int32_t device) {
    rein_cuda_memory_pool_options options = {.device = device, .ledger = &ledger};
    return rein_cuda_memory_pool_create(&options);
}

static void set_up(void) {
    scenarios_reset(&ledger);
    pool = REIN_UNWRAP(create_on(0));
}

static void tear_down(void) {
    if (pool != NULL) {
        cr_assert(rein_cuda_memory_pool_destroy(pool).is_ok, "the pool is destroyed");
    }
    cr_assert(rein_ledger_read(&ledger).memory_bytes.used == 0, "the ledger is even");
    simulated_handles handles = simulated_cudart_handles();
    cr_assert(handles.pools == 0 && handles.allocations == 0 && handles.events == 0,
              "nothing is leaked");
}

TestSuite(memory_pool, .init = set_up, .fini = tear_down);

static uint64_t used_bytes(void) {
    return rein_ledger_read(&ledger).memory_bytes.used;
}

static rein_cuda_allocation allocate(uint64_t bytes) {
    return REIN_UNWRAP(rein_cuda_memory_allocate(pool, bytes));
}

static cudaStream_t make_stream(void) {
    cudaStream_t stream = NULL;
    cr_assert(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking) == cudaSuccess, "a stream");
    return stream;
}

static void assert_refused(rein_result_void result, rein_error_code code) {
    cr_assert(!result.is_ok, "it is refused");
    cr_assert(result.as.error.code == code, "with %s", rein_error_code_name(result.as.error.code));
}

static void assert_allocation_fails(rein_result_cuda_allocation result, rein_error_code code) {
    cr_assert(!result.is_ok, "it fails");
    cr_assert(result.as.error.code == code, "with %s", rein_error_code_name(result.as.error.code));
}

static rein_cuda_memory_report report(void) {
    return REIN_UNWRAP(rein_cuda_memory_pool_report(pool));
}

Test(memory_pool, charges_what_the_device_takes) {
    rein_cuda_allocation one = allocate(1);
    cr_assert(one.pointer != NULL && one.verdict.is_granted, "granted");
    cr_assert(one.verdict.requested == 512 && used_bytes() == 512, "512 bytes for one");
    cr_assert(report().used_bytes.value == 512, "as the driver sees it");
    cr_assert(report().drift_bytes.value == 0, "no drift");
    cr_assert(rein_cuda_memory_free(pool, one.pointer).is_ok, "freed");
    cr_assert(used_bytes() == 0, "released");
}

Test(memory_pool, refuses_without_a_call_and_with_every_number) {
    allocate(64 * REIN_MIB - 512);
    simulated_cudart_fail_call(0, cudaSuccess);
    rein_cuda_allocation refused = allocate(513);
    cr_assert(simulated_cudart_call_count() == 0, "no CUDA call");
    cr_assert(refused.pointer == NULL && !refused.verdict.is_granted, "refused");
    cr_assert(refused.verdict.resource == REIN_RESOURCE_MEMORY, "of memory");
    cr_assert(refused.verdict.requested == 1024, "requested");
    cr_assert(refused.verdict.limit == 64 * REIN_MIB, "limit");
    cr_assert(refused.verdict.used == 64 * REIN_MIB - 512, "used");
    cr_assert(refused.verdict.shortfall == 512, "shortfall");
    cr_assert(refused.draining_bytes == 0, "nothing drains");
    cr_assert(allocate(512).verdict.is_granted, "the budget is granted to the last byte");
}

Test(memory_pool, rolls_back_if_the_device_is_out_of_memory) {
    simulated_cudart_set_tenant(0, UINT64_C(8) << 30);
    rein_result_cuda_allocation result = rein_cuda_memory_allocate(pool, REIN_MIB);
    assert_allocation_fails(result, REIN_ERROR_OUT_OF_MEMORY);
    cr_assert(used_bytes() == 0, "nothing is charged");
    expect_error_facts(&result.as.error, REIN_ERROR_OUT_OF_MEMORY,
                       "cudaMallocFromPoolAsync 1MiB device 0 cudaErrorMemoryAllocation");
    cr_assert(cudaPeekAtLastError() == cudaSuccess, "our error is taken");
}

Test(memory_pool, refuses_nothing_and_too_much) {
    assert_allocation_fails(rein_cuda_memory_allocate(pool, 0), REIN_ERROR_INVALID_ARGUMENT);
    assert_allocation_fails(rein_cuda_memory_allocate(pool, UINT64_MAX),
                            REIN_ERROR_INVALID_ARGUMENT);
}

Test(memory_pool, frees_only_its_own_and_once) {
    rein_cuda_allocation one = allocate(1);
    assert_refused(rein_cuda_memory_free(pool, &ledger), REIN_ERROR_INVALID_ARGUMENT);
    assert_refused(rein_cuda_memory_free(pool, NULL), REIN_ERROR_INVALID_ARGUMENT);
    assert_refused(rein_cuda_memory_free_async(pool, &ledger, NULL), REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(rein_cuda_memory_free(pool, one.pointer).is_ok, "once");
    assert_refused(rein_cuda_memory_free(pool, one.pointer), REIN_ERROR_INVALID_ARGUMENT);
}

Test(memory_pool, keeps_the_charge_until_the_stream_has_freed_it) {
    cudaStream_t stream = make_stream();
    rein_cuda_allocation one =
        REIN_UNWRAP(rein_cuda_memory_allocate_async(pool, 64 * REIN_MIB, stream));
    simulated_cudart_submit_work(stream, 1000);
    cr_assert(rein_cuda_memory_free_async(pool, one.pointer, stream).is_ok, "freed in order");
    cr_assert(used_bytes() == 64 * REIN_MIB, "still charged");
    cr_assert(report().live_count == 0 && report().draining_bytes == 64 * REIN_MIB, "draining");
    rein_cuda_allocation refused = allocate(1);
    cr_assert(!refused.verdict.is_granted && refused.draining_bytes == 64 * REIN_MIB,
              "the refusal has the draining bytes");
    cr_assert(REIN_UNWRAP(rein_cuda_memory_pool_collect(pool)) == 0, "nothing yet");
    cr_assert(cudaPeekAtLastError() == cudaSuccess, "not ready is not left behind");
    simulated_cudart_advance(1000);
    cr_assert(report().drift_bytes.value == -64 * (int64_t)REIN_MIB, "freed and not collected");
    cr_assert(REIN_UNWRAP(rein_cuda_memory_pool_collect(pool)) == 64 * REIN_MIB, "everything");
    cr_assert(used_bytes() == 0 && allocate(64 * REIN_MIB).verdict.is_granted, "it is available");
    cr_assert(cudaStreamDestroy(stream) == cudaSuccess, "the stream is destroyed");
}

Test(memory_pool, collects_out_of_order) {
    cudaStream_t slow = make_stream();
    cudaStream_t fast = make_stream();
    rein_cuda_allocation first = allocate(REIN_MIB);
    rein_cuda_allocation second = allocate(2 * REIN_MIB);
    rein_cuda_allocation third = allocate(4 * REIN_MIB);
    simulated_cudart_submit_work(slow, 1000);
    cr_assert(rein_cuda_memory_free_async(pool, first.pointer, slow).is_ok, "slow");
    cr_assert(rein_cuda_memory_free_async(pool, second.pointer, fast).is_ok, "fast");
    cr_assert(REIN_UNWRAP(rein_cuda_memory_pool_collect(pool)) == 2 * REIN_MIB, "the fast one");
    cr_assert(rein_cuda_memory_free_async(pool, third.pointer, fast).is_ok,
              "queued after the slow one");
    simulated_cudart_advance(1000);
    cr_assert(REIN_UNWRAP(rein_cuda_memory_pool_collect(pool)) == 5 * REIN_MIB, "the others");
    cr_assert(cudaStreamDestroy(slow) == cudaSuccess && cudaStreamDestroy(fast) == cudaSuccess,
              "the streams go");
}

Test(memory_pool, leaves_a_capturing_stream_alone) {
    cudaStream_t stream = make_stream();
    rein_cuda_allocation one = allocate(1);
    simulated_cudart_set_capturing(stream, true);
    assert_allocation_fails(rein_cuda_memory_allocate_async(pool, 1, stream),
                            REIN_ERROR_INVALID_STATE);
    assert_refused(rein_cuda_memory_free_async(pool, one.pointer, stream),
                   REIN_ERROR_INVALID_STATE);
    cr_assert(report().live_count == 1 && used_bytes() == 512, "still live and charged");
    cr_assert(cudaStreamDestroy(stream) == cudaSuccess, "the stream is destroyed");
}

Test(memory_pool, does_not_count_the_allocations_that_observe_the_device) {
    rein_cuda_memory_report fresh = report();
    cr_assert(fresh.used_peak_bytes.value == 0 && fresh.reserved_peak_bytes.value == 0, "no peak");
}

Test(memory_pool, lists_what_is_live) {
    rein_cuda_allocation first = allocate(1);
    rein_cuda_allocation second = allocate(1000);
    rein_cuda_live_allocation one;
    cr_assert(rein_cuda_memory_pool_list(pool, &one, 1) == 2, "two, of which one is copied");
    cr_assert(rein_cuda_memory_free(pool, first.pointer).is_ok, "one is freed");
    cr_assert(rein_cuda_memory_pool_list(pool, &one, 1) == 1, "one is left");
    cr_assert(one.pointer == second.pointer && one.requested_bytes == 1000 &&
                  one.charged_bytes == 1024 && one.number == 2,
              "and it is the second");
    cr_assert(report().peak_bytes == 1536, "both were live at a time");
}

Test(memory_pool, holds_many) {
    enum { COUNT = 1000 };
    void *pointers[COUNT];
    for (int i = 0; i < COUNT; i++) {
        pointers[i] = allocate(1).pointer;
    }
    cr_assert(report().live_count == COUNT && used_bytes() == COUNT * 512, "all are live");
    rein_cuda_live_allocation listed[COUNT];
    bool is_listed[COUNT + 1] = {false};
    cr_assert(rein_cuda_memory_pool_list(pool, listed, COUNT) == COUNT, "all are counted");
    for (int i = 0; i < COUNT; i++) {
        cr_assert(listed[i].number >= 1 && listed[i].number <= COUNT, "by their numbers");
        is_listed[listed[i].number] = true;
    }
    for (int number = 1; number <= COUNT; number++) {
        cr_assert(is_listed[number], "number %d is listed", number);
    }
    for (int i = 0; i < COUNT; i += 2) {
        cr_assert(rein_cuda_memory_free(pool, pointers[i]).is_ok, "number %d is freed", i);
    }
    cr_assert(report().live_count == COUNT / 2 && report().drift_bytes.value == 0, "half are left");
}

/* The peak includes draining memory. */
Test(memory_pool, peak_includes_an_allocation_made_while_another_drains) {
    cudaStream_t stream = make_stream();
    rein_cuda_allocation one = REIN_UNWRAP(rein_cuda_memory_allocate_async(pool, 1024, stream));
    simulated_cudart_submit_work(stream, 1000);
    cr_assert(rein_cuda_memory_free_async(pool, one.pointer, stream).is_ok, "freed in order");
    rein_cuda_allocation other = allocate(2048);
    cr_assert(report().peak_bytes == 3072, "both at a time");
    cr_assert(rein_cuda_memory_free(pool, other.pointer).is_ok, "freed");
    simulated_cudart_advance(1000);
    cr_assert(REIN_UNWRAP(rein_cuda_memory_pool_collect(pool)) == 1024, "collected");
    cr_assert(cudaStreamDestroy(stream) == cudaSuccess, "the stream is destroyed");
}

Test(memory_pool, leaves_the_callers_pending_error_alone) {
    rein_cuda_allocation one = allocate(1);
    rein_cuda_allocation other = allocate(1);
    cr_assert(cudaSetDevice(99) == cudaErrorInvalidDevice, "the caller's own failure");
    rein_result_cuda_allocation result = rein_cuda_memory_allocate(pool, 1);
    assert_allocation_fails(result, REIN_ERROR_INVALID_STATE);
    cr_assert(result.as.error.native_code == cudaErrorInvalidDevice, "it is named");
    cr_assert(used_bytes() == 1024, "nothing more is charged");
    cr_assert(rein_cuda_memory_free(pool, one.pointer).is_ok, "releasing continues");
    cr_assert(rein_cuda_memory_free_async(pool, other.pointer, NULL).is_ok, "in order, too");
    cr_assert(cudaGetLastError() == cudaErrorInvalidDevice, "it is still the caller's");
    cr_assert(rein_cuda_memory_allocate(pool, 1).is_ok, "and no longer blocks calls");
}

Test(memory_pool, names_a_pending_error_of_any_class_as_the_callers) {
    static const cudaError_t codes[] = {cudaErrorNotPermitted, cudaErrorUnknown,
                                        cudaErrorInitializationError, cudaErrorNoDevice};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        simulated_cudart_fail_function("cudaSetDevice", codes[i]);
        cr_assert(cudaSetDevice(0) == codes[i], "the caller's own failure");
        rein_result_cuda_allocation result = rein_cuda_memory_allocate(pool, 1);
        assert_allocation_fails(result, REIN_ERROR_INVALID_STATE);
        cr_assert(result.as.error.native_code == (int32_t)codes[i], "with its code");
        cr_assert(rein_cuda_condition_of(&result.as.error) == REIN_CUDA_READY, "CUDA is usable");
        expect_error_facts(&result.as.error, REIN_ERROR_INVALID_STATE, cudaGetErrorName(codes[i]));
        cr_assert(cudaGetLastError() == codes[i], "it is still the caller's");
    }
}

Test(memory_pool, a_failed_release_never_leaves_less_than_was_pending) {
    rein_cuda_allocation one = allocate(1);
    cr_assert(cudaSetDevice(99) == cudaErrorInvalidDevice, "the caller's own failure");
    simulated_cudart_fail_function("cudaFreeAsync", cudaErrorTimeout);
    assert_refused(rein_cuda_memory_free(pool, one.pointer), REIN_ERROR_TIMEOUT);
    cr_assert(cudaGetLastError() == cudaErrorTimeout, "its code took the place of the other");
    simulated_cudart_fail_function("cudaFreeAsync", cudaErrorTimeout);
    assert_refused(rein_cuda_memory_free(pool, one.pointer), REIN_ERROR_TIMEOUT);
    cr_assert(cudaGetLastError() == cudaSuccess, "with nothing pending, ours is taken");
}

Test(memory_pool, is_poisoned_by_a_lost_device_and_can_still_be_destroyed) {
    rein_cuda_allocation one = allocate(1);
    rein_cuda_allocation two = allocate(1);
    simulated_cudart_lose_device(0, cudaErrorIllegalAddress);
    assert_refused(rein_cuda_memory_free(pool, one.pointer), REIN_ERROR_DEVICE_LOST);
    cr_assert(used_bytes() == 1024, "a failed free changes nothing");
    simulated_cudart_fail_call(0, cudaSuccess);
    rein_result_cuda_allocation result = rein_cuda_memory_allocate(pool, 1);
    assert_allocation_fails(result, REIN_ERROR_DEVICE_LOST);
    cr_assert(result.as.error.native_code == cudaErrorIllegalAddress, "it has a reason");
    result = rein_cuda_memory_allocate(pool, REIN_GIB);
    assert_allocation_fails(result, REIN_ERROR_DEVICE_LOST);
    cr_assert(!rein_cuda_memory_pool_collect(pool).is_ok, "nothing is collected");
    cr_assert(!report().used_bytes.is_known, "the driver's view is unknown");
    cr_assert(rein_cuda_memory_free(pool, one.pointer).is_ok, "now it is only forgotten");
    cr_assert(rein_cuda_memory_free_async(pool, two.pointer, NULL).is_ok, "this one too");
    cr_assert(simulated_cudart_call_count() == 0, "all without a CUDA call");
    cr_assert(used_bytes() == 0, "released");
}

Test(memory_pool, trims_unused_memory) {
    rein_cuda_allocation first = allocate(40 * REIN_MIB);
    rein_cuda_allocation second = allocate(REIN_MIB);
    uint64_t free_before = simulated_cudart_free_bytes(0);
    cr_assert(rein_cuda_memory_free(pool, first.pointer).is_ok, "the large one is freed");
    cr_assert(report().reserved_bytes.value == 64 * REIN_MIB, "and stays reserved");
    cr_assert(rein_cuda_memory_pool_trim(pool, 64 * REIN_MIB).is_ok, "as much may be kept");
    cr_assert(report().reserved_bytes.value == 64 * REIN_MIB, "it is");
    cr_assert(rein_cuda_memory_pool_trim(pool, 0).is_ok, "now nothing");
    cr_assert(report().reserved_bytes.value == 32 * REIN_MIB, "except the memory in use");
    cr_assert(simulated_cudart_free_bytes(0) == free_before + 32 * REIN_MIB, "others can have it");
    cr_assert(report().drift_bytes.value == 0 && used_bytes() == REIN_MIB, "the accounts agree");
    cr_assert(rein_cuda_memory_free(pool, second.pointer).is_ok, "the small one is freed");
}

/* Returns the drop in free memory after `bytes` were allocated and freed in a pool of their own. */
static uint64_t bytes_kept(rein_ledger *of, uint64_t kept_bytes, uint64_t bytes) {
    cudaStream_t stream = make_stream();
    rein_cuda_memory_pool_options options = {.ledger = of, .kept_bytes = kept_bytes};
    rein_cuda_memory_pool *keeping = REIN_UNWRAP(rein_cuda_memory_pool_create(&options));
    uint64_t free_before = simulated_cudart_free_bytes(0);
    rein_cuda_allocation taken = REIN_UNWRAP(rein_cuda_memory_allocate(keeping, bytes));
    cr_assert(rein_cuda_memory_free(keeping, taken.pointer).is_ok, "it is freed");
    cr_assert(cudaStreamSynchronize(stream) == cudaSuccess, "the host waits");
    uint64_t kept = free_before - simulated_cudart_free_bytes(0);
    cr_assert(rein_ledger_read(of).memory_bytes.used == 0, "kept memory is not charged");
    cr_assert(rein_cuda_memory_pool_destroy(keeping).is_ok, "destroyed");
    cr_assert(simulated_cudart_free_bytes(0) == free_before, "and nothing is kept");
    cr_assert(cudaStreamDestroy(stream) == cudaSuccess, "the stream is destroyed");
    return kept;
}

Test(memory_pool, keeps_freed_memory_up_to_kept_bytes) {
    static const uint64_t asked_and_kept[][2] = {{0, 0},
                                                 {31 * REIN_MIB, 0},
                                                 {40 * REIN_MIB, 32 * REIN_MIB},
                                                 {64 * REIN_MIB, 64 * REIN_MIB},
                                                 {UINT64_MAX, 64 * REIN_MIB}};
    for (size_t i = 0; i < sizeof asked_and_kept / sizeof *asked_and_kept; i++) {
        uint64_t kept = bytes_kept(&ledger, asked_and_kept[i][0], 60 * REIN_MIB);
        cr_assert(kept == asked_and_kept[i][1], "row %zu", i);
    }
}

/* A smaller kept_bytes would be rounded to whole growth steps. */
Test(memory_pool, keeps_everything_if_kept_bytes_reaches_the_limit) {
    enum { LIMIT = 40 * REIN_MIB };
    rein_ledger small;
    rein_resource_budget budget = rein_resource_budget_default();
    budget.memory_limit_bytes = LIMIT;
    cr_assert(rein_ledger_init(&small, &budget).is_ok, "a ledger");
    cr_assert(bytes_kept(&small, LIMIT - 1, LIMIT) == 32 * REIN_MIB, "a byte less");
    cr_assert(bytes_kept(&small, LIMIT, LIMIT) == 64 * REIN_MIB, "all");
}

Test(memory_pool, fails_if_freed_memory_cannot_be_kept) {
    simulated_cudart_fail_function("cudaMemPoolSetAttribute", cudaErrorInvalidValue);
    rein_cuda_memory_pool_options options = {
        .ledger = &ledger, .kept_bytes = 1, .granularity_bytes = rein_fact_u64_known(512)};
    rein_result_cuda_memory_pool made = rein_cuda_memory_pool_create(&options);
    cr_assert(!made.is_ok && made.as.error.native_code == cudaErrorInvalidValue, "refused");
}

Test(memory_pool, passes_on_a_code_that_it_does_not_know) {
    simulated_cudart_fail_function("cudaMallocFromPoolAsync", (cudaError_t)123456);
    rein_result_cuda_allocation result = rein_cuda_memory_allocate(pool, 1);
    assert_allocation_fails(result, REIN_ERROR_BACKEND_ERROR);
    cr_assert(result.as.error.native_code == 123456, "it is named");
}

Test(memory_pool, has_nothing_to_trim_without_the_drivers_pools) {
    rein_cuda_memory_pool *plain = REIN_UNWRAP(create_on(1));
    cr_assert(rein_cuda_memory_pool_trim(plain, 0).is_ok, "it is not an error");
    cr_assert(rein_cuda_memory_pool_destroy(plain).is_ok, "destroyed");
}

Test(memory_pool, allocates_nothing_once_its_destruction_has_begun) {
    cudaStream_t stream = make_stream();
    rein_cuda_allocation one = allocate(1);
    simulated_cudart_submit_work(stream, 1000);
    cr_assert(rein_cuda_memory_free_async(pool, one.pointer, stream).is_ok, "one drains");
    allocate(1);
    static const char *const calls[] = {"cudaFreeAsync", "cudaMemPoolDestroy", "cudaStreamDestroy"};
    for (int i = 0; i < 3; i++) {
        simulated_cudart_fail_function(calls[i], cudaErrorDevicesUnavailable);
        assert_refused(rein_cuda_memory_pool_destroy(pool), REIN_ERROR_DEVICE_UNAVAILABLE);
        uint64_t charged = used_bytes();
        simulated_cudart_fail_call(0, cudaSuccess);
        assert_allocation_fails(rein_cuda_memory_allocate(pool, 1), REIN_ERROR_INVALID_STATE);
        assert_allocation_fails(rein_cuda_memory_allocate_async(pool, 1, NULL),
                                REIN_ERROR_INVALID_STATE);
        assert_refused(rein_cuda_memory_pool_trim(pool, 0), REIN_ERROR_INVALID_STATE);
        rein_result_cuda_collected collected = rein_cuda_memory_pool_collect(pool);
        cr_assert(!collected.is_ok && collected.as.error.code == REIN_ERROR_INVALID_STATE,
                  "nothing is collected");
        cr_assert(simulated_cudart_call_count() == 0 && used_bytes() == charged, "without a call");
    }
    cr_assert(rein_cuda_memory_pool_report(pool).is_ok, "it can be read");
    cr_assert(cudaStreamDestroy(stream) == cudaSuccess, "the stream is destroyed");
    simulated_cudart_advance(1000);
}

/* Leaves the record of a freed allocation, with its event. */
static void leave_spare_record(void) {
    rein_cuda_allocation gone = allocate(1);
    cr_assert(rein_cuda_memory_free_async(pool, gone.pointer, NULL).is_ok, "freed in order");
    cr_assert(rein_cuda_memory_pool_collect(pool).is_ok && report().draining_bytes == 0, "gone");
}

Test(memory_pool, destruction_can_be_tried_again) {
    leave_spare_record();
    allocate(1);
    allocate(1);
    static const char *const calls[] = {"cudaFreeAsync", "cudaEventDestroy", "cudaMemPoolDestroy",
                                        "cudaStreamDestroy"};
    for (int i = 0; i < 4; i++) {
        simulated_cudart_fail_function(calls[i], cudaErrorDevicesUnavailable);
        assert_refused(rein_cuda_memory_pool_destroy(pool), REIN_ERROR_DEVICE_UNAVAILABLE);
    }
}

Test(memory_pool, keeps_memory_that_can_be_neither_waited_for_nor_freed) {
    static const char *const calls[] = {"cudaStreamSynchronize", "cudaFreeAsync"};
    simulated_cudart_fail_functions(calls, 2, cudaErrorTimeout);
    assert_allocation_fails(rein_cuda_memory_allocate(pool, 1), REIN_ERROR_TIMEOUT);
    cr_assert(report().live_count == 1 && used_bytes() == 512, "it is live and charged");
}

Test(memory_pool, every_rule_of_the_drivers_cap_grants_the_whole_budget) {
    static const simulated_cap_rule rules[] = {SIMULATED_CAP_BINDS, SIMULATED_CAP_ROUNDS_UP,
                                               SIMULATED_CAP_IS_IGNORED};
    for (int i = 0; i < 3; i++) {
        cr_assert(rein_cuda_memory_pool_destroy(pool).is_ok, "the previous pool is destroyed");
        simulated_device device = simulated_device_default();
        device.cap_rule = rules[i];
        simulated_cudart_reset(&device, 1, CUDART_VERSION);
        pool = REIN_UNWRAP(create_on(0));
        cr_assert(report().has_driver_cap, "there is a cap");
        cr_assert(allocate(64 * REIN_MIB).verdict.is_granted, "rule %d", i);
        cr_assert(report().reserved_bytes.value == 64 * REIN_MIB, "as reserved");
    }
}

Test(memory_pool, sets_the_drivers_cap_to_the_limit) {
    static const struct {
        bool has_no_cap;
        uint64_t reserved;
    } rows[] = {{false, 8 * REIN_MIB}, {true, 32 * REIN_MIB}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        simulated_device device = simulated_device_default();
        device.cap_rule = SIMULATED_CAP_BINDS;
        cr_assert(rein_cuda_memory_pool_destroy(pool).is_ok, "the previous pool is destroyed");
        simulated_cudart_reset(&device, 1, CUDART_VERSION);
        rein_resource_budget budget = rein_ledger_budget(&ledger);
        budget.memory_limit_bytes = 8 * REIN_MIB;
        cr_assert(rein_ledger_init(&ledger, &budget).is_ok, "a smaller budget");
        rein_cuda_memory_pool_options options = {.ledger = &ledger,
                                                 .has_no_driver_cap = rows[i].has_no_cap};
        pool = REIN_UNWRAP(rein_cuda_memory_pool_create(&options));
        cr_assert(allocate(8 * REIN_MIB).verdict.is_granted, "all of it is granted");
        cr_assert(report().reserved_bytes.value == rows[i].reserved, "row %zu: %llu bytes", i,
                  (unsigned long long)report().reserved_bytes.value);
    }
}

Test(memory_pool, the_cap_can_be_omitted) {
    rein_cuda_memory_pool_options options = {
        .ledger = &ledger,
        .has_no_driver_cap = true,
        .granularity_bytes = rein_fact_u64_known(1000),
    };
    rein_cuda_memory_pool *uncapped = REIN_UNWRAP(rein_cuda_memory_pool_create(&options));
    rein_cuda_memory_report facts = REIN_UNWRAP(rein_cuda_memory_pool_report(uncapped));
    cr_assert(!facts.has_driver_cap && facts.granularity_bytes == 1000, "as requested");
    cr_assert(rein_cuda_memory_pool_destroy(uncapped).is_ok, "destroyed");
}

Test(memory_pool, works_without_the_drivers_pools) {
    rein_cuda_memory_pool *plain = REIN_UNWRAP(create_on(1));
    rein_cuda_allocation one = REIN_UNWRAP(rein_cuda_memory_allocate(plain, 1));
    cr_assert(one.verdict.requested == 2 * REIN_MIB, "a block of cudaMalloc is charged");
    assert_allocation_fails(rein_cuda_memory_allocate_async(plain, 1, NULL),
                            REIN_ERROR_UNSUPPORTED);
    assert_refused(rein_cuda_memory_free_async(plain, one.pointer, NULL), REIN_ERROR_UNSUPPORTED);
    rein_cuda_memory_report facts = REIN_UNWRAP(rein_cuda_memory_pool_report(plain));
    cr_assert(!facts.used_bytes.is_known && facts.live_bytes == 2 * REIN_MIB,
              "only the pool's own account");
    cr_assert(rein_cuda_memory_free(plain, one.pointer).is_ok, "freed");
    int device = -1;
    cr_assert(cudaGetDevice(&device) == cudaSuccess && device == 0, "the caller's device stays");
    cr_assert(rein_cuda_memory_pool_destroy(plain).is_ok, "destroyed");
}

Test(memory_pool, needs_a_granularity) {
    simulated_device device = simulated_device_default();
    device.profile.supports_memory_pools = rein_fact_bool_known(false);
    device.malloc_granularity_bytes = 2 * REIN_MIB;
    cr_assert(rein_cuda_memory_pool_destroy(pool).is_ok, "the previous pool is destroyed");
    pool = NULL;
    simulated_cudart_reset(&device, 1, CUDART_VERSION);
    simulated_cudart_set_tenant(0, UINT64_C(9) << 30);
    rein_result_cuda_memory_pool made = create_on(0);
    cr_assert(!made.is_ok, "a full device shows none");
    rein_cuda_memory_pool_options options = {.ledger = &ledger,
                                             .granularity_bytes = rein_fact_u64_known(0)};
    made = rein_cuda_memory_pool_create(&options);
    cr_assert(!made.is_ok && made.as.error.code == REIN_ERROR_INVALID_ARGUMENT, "0 is none");
    made = rein_cuda_memory_pool_create(NULL);
    cr_assert(!made.is_ok && made.as.error.code == REIN_ERROR_INVALID_ARGUMENT, "no options");
    options = (rein_cuda_memory_pool_options){.ledger = NULL};
    made = rein_cuda_memory_pool_create(&options);
    cr_assert(!made.is_ok && made.as.error.code == REIN_ERROR_INVALID_ARGUMENT, "no ledger");
    cr_assert(rein_cuda_memory_pool_destroy(NULL).is_ok, "destroying NULL does nothing");
}

Test(memory_pool, cannot_observe_what_does_not_show) {
    simulated_device device = simulated_device_default();
    device.profile.supports_memory_pools = rein_fact_bool_known(false);
    device.malloc_granularity_bytes = 0;
    cr_assert(rein_cuda_memory_pool_destroy(pool).is_ok, "the previous pool is destroyed");
    pool = NULL;
    simulated_cudart_reset(&device, 1, CUDART_VERSION);
    rein_result_cuda_memory_pool made = create_on(0);
    cr_assert(!made.is_ok && made.as.error.code == REIN_ERROR_UNSUPPORTED, "it must be given");
}

Test(memory_pool, no_such_device) {
    rein_result_cuda_memory_pool made = create_on(7);
    cr_assert(!made.is_ok && made.as.error.code == REIN_ERROR_NOT_FOUND, "device 7");
}
