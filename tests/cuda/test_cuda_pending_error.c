/* A pending CUDA error of the caller: calls that acquire something must not overwrite it, and calls
 * that release something proceed. */
#include <criterion/criterion.h>

#include "cuda/compute_window.h"
#include "cuda/memory_pool.h"
#include "cuda/probe.h"
#include "cuda/scenarios.h"
#include "cuda/stream_pool.h"

static rein_ledger ledger;
static rein_cuda_memory_pool_options memory_options = {.ledger = &ledger};
static rein_cuda_stream_pool_options stream_options = {.ledger = &ledger, .counts = {1, 1, 1}};
static rein_cuda_compute_window_options window_options = {.ledger = &ledger};
static rein_cuda_memory_pool *memory;
static rein_cuda_stream_pool *streams;
static rein_cuda_compute_window *window;
static cudaStream_t stream;

static void set_up(void) {
    scenarios_reset(&ledger);
    memory = REIN_UNWRAP(rein_cuda_memory_pool_create(&memory_options));
    streams = REIN_UNWRAP(rein_cuda_stream_pool_create(&stream_options));
    window = REIN_UNWRAP(rein_cuda_compute_window_create(&window_options));
    cr_assert(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking) == cudaSuccess, "a stream");
}

static void leave_pending(void) {
    cr_assert(cudaSetDevice(99) == cudaErrorInvalidDevice, "the caller's own failure");
}

static void tear_down(void) {
    cr_assert(rein_cuda_compute_window_destroy(window).is_ok, "the window is destroyed");
    cr_assert(rein_cuda_stream_pool_destroy(streams).is_ok, "the streams go");
    cr_assert(rein_cuda_memory_pool_destroy(memory).is_ok, "the memory is freed");
    cr_assert(cudaGetLastError() == cudaErrorInvalidDevice, "it is still the caller's");
}

TestSuite(cuda_pending_error, .init = set_up, .fini = tear_down);

#define ASSERT_IN_THE_WAY(call)                                                        \
    do {                                                                               \
        __typeof__(call) result = (call);                                              \
        cr_assert(!result.is_ok && result.as.error.code == REIN_ERROR_INVALID_STATE && \
                      result.as.error.native_code == cudaErrorInvalidDevice,           \
                  "%s", #call);                                                        \
        cr_assert(cudaPeekAtLastError() == cudaErrorInvalidDevice, "%s", #call);       \
    } while (0)

Test(cuda_pending_error, blocks_new_objects) {
    leave_pending();
    ASSERT_IN_THE_WAY(rein_cuda_memory_pool_create(&memory_options));
    ASSERT_IN_THE_WAY(rein_cuda_stream_pool_create(&stream_options));
    ASSERT_IN_THE_WAY(rein_cuda_compute_window_create(&window_options));
}

Test(cuda_pending_error, blocks_memory_calls_that_acquire) {
    void *pointer = REIN_UNWRAP(rein_cuda_memory_allocate(memory, 1)).pointer;
    leave_pending();
    ASSERT_IN_THE_WAY(rein_cuda_memory_allocate(memory, 1));
    ASSERT_IN_THE_WAY(rein_cuda_memory_allocate_async(memory, 1, stream));
    ASSERT_IN_THE_WAY(rein_cuda_memory_pool_collect(memory));
    ASSERT_IN_THE_WAY(rein_cuda_memory_pool_trim(memory, 0));
    ASSERT_IN_THE_WAY(rein_cuda_memory_pool_report(memory));
    cr_assert(rein_cuda_memory_free(memory, pointer).is_ok, "releasing continues");
}

/* Only if the pool must query a stream. */
Test(cuda_pending_error, blocks_leases_of_streams_that_were_busy) {
    rein_cuda_stream_lease lease =
        REIN_UNWRAP(rein_cuda_stream_try_acquire(streams, REIN_CUDA_PRIORITY_LOW));
    simulated_cudart_submit_work(lease.stream, 1000);
    leave_pending();
    cr_assert(rein_cuda_stream_release(streams, &lease).is_ok, "releasing continues");
    ASSERT_IN_THE_WAY(rein_cuda_stream_try_acquire(streams, REIN_CUDA_PRIORITY_LOW));
}

Test(cuda_pending_error, blocks_a_measurement) {
    leave_pending();
    ASSERT_IN_THE_WAY(rein_cuda_compute_window_begin(window, stream, rein_timestamp_never()));
    (void)cudaGetLastError();
    cr_assert(rein_cuda_compute_window_begin(window, stream, rein_timestamp_never()).is_ok,
              "begun");
    leave_pending();
    ASSERT_IN_THE_WAY(rein_cuda_compute_window_end(window));
    (void)cudaGetLastError();
    cr_assert(rein_cuda_compute_window_end(window).is_ok, "ended");
    leave_pending();
    ASSERT_IN_THE_WAY(rein_cuda_compute_window_collect(window));
    ASSERT_IN_THE_WAY(rein_cuda_compute_window_wait(window));
    cr_assert(rein_cuda_compute_window_abandon(window).is_ok, "giving up continues");
}

Test(cuda_pending_error, blocks_an_exact_probe) {
    rein_cuda_report report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT));
    leave_pending();
    ASSERT_IN_THE_WAY(rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT));
    ASSERT_IN_THE_WAY(rein_cuda_probe_refresh(&report));
}
