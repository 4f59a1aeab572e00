/* The module's objects after a faulty kernel has destroyed their context. One source, linked with
 * the simulated runtime and with the real one. Exit status: 0 if all promises hold, 1 if one is
 * broken, 77 if there is no device or none that can be lost. */
#include <stdio.h>
#include <stdlib.h>

#include "contract/units.h"
#include "cuda/compute_window.h"
#include "cuda/memory_pool.h"
#include "cuda/probe.h"
#include "cuda/runtime_under_test.h"
#include "cuda/stream_pool.h"

enum { EXIT_SKIPPED = 77 };

static int failure_count;

static void expect(bool holds, const char *what) {
    printf("%s: %s\n", holds ? "holds" : "FAILS", what);
    failure_count += !holds;
}

static bool is_lost(bool is_ok, const rein_error *error) {
    return !is_ok && error->code == REIN_ERROR_DEVICE_LOST;
}

/* An object of each kind, in use. */
typedef struct holdings {
    rein_ledger ledger;
    rein_cuda_memory_pool *memory;
    rein_cuda_stream_pool *streams;
    rein_cuda_compute_window *window;
    rein_cuda_stream_lease lease;
    rein_cuda_allocation kept;
    rein_cuda_allocation other;
} holdings;

static void take(holdings *all) {
    rein_resource_budget budget = {.memory_limit_bytes = 64 * REIN_MIB,
                                   .stream_limit = 2,
                                   .compute_budget = rein_duration_from_ns(REIN_NS_PER_S)};
    REIN_IGNORE(rein_ledger_init(&all->ledger, &budget));
    rein_cuda_memory_pool_options memory = {.ledger = &all->ledger};
    rein_cuda_stream_pool_options streams = {.ledger = &all->ledger, .counts = {0, 2, 0}};
    rein_cuda_compute_window_options window = {.ledger = &all->ledger};
    all->memory = REIN_UNWRAP(rein_cuda_memory_pool_create(&memory));
    all->streams = REIN_UNWRAP(rein_cuda_stream_pool_create(&streams));
    all->window = REIN_UNWRAP(rein_cuda_compute_window_create(&window));
    all->lease = REIN_UNWRAP(rein_cuda_stream_try_acquire(all->streams, REIN_CUDA_PRIORITY_NORMAL));
    all->kept = REIN_UNWRAP(rein_cuda_memory_allocate(all->memory, REIN_MIB));
    all->other = REIN_UNWRAP(rein_cuda_memory_allocate(all->memory, REIN_MIB));
}

/* Ends the execution in which the context dies. */
static void execute_faulty(holdings *all) {
    rein_result_void ended = rein_cuda_compute_window_end(all->window);
    if (!ended.is_ok) {
        expect(is_lost(ended.is_ok, &REIN_ERROR(ended)), "ending the execution reports it");
        return;
    }
    rein_result_cuda_execution_time time = rein_cuda_compute_window_wait(all->window);
    expect(is_lost(time.is_ok, &time.as.error), "waiting for the execution reports it");
    if (!time.is_ok) {
        printf("observed: native code %d\n", (int)time.as.error.native_code);
    }
}

static void expect_refusals(holdings *all) {
    rein_result_cuda_allocation memory = rein_cuda_memory_allocate(all->memory, 1);
    expect(is_lost(memory.is_ok, &memory.as.error), "memory is refused: the device is lost");
    rein_result_ledger_verdict begun =
        rein_cuda_compute_window_begin(all->window, all->lease.stream, rein_timestamp_never());
    expect(is_lost(begun.is_ok, &begun.as.error), "so is an execution");
    rein_result_cuda_report report = rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT);
    expect(is_lost(report.is_ok, &report.as.error), "so is a probe with a context");
}

static void expect_readable(holdings *all) {
    rein_result_cuda_memory_report report = rein_cuda_memory_pool_report(all->memory);
    expect(report.is_ok, "the memory pool reports");
    expect(report.is_ok && report.as.value.live_count == 2 && !report.as.value.used_bytes.is_known,
           "it knows its own account, and not the driver's");
    expect(rein_cuda_memory_pool_list(all->memory, NULL, 0) == 2, "it lists what is live");
    expect(rein_cuda_stream_pool_read(all->streams).leased_count == 1,
           "the stream pool knows its lease");
}

/* A pool detects the loss only in a call of its own, such as a release. */
static void expect_streams_lost(holdings *all) {
    rein_result_void given_back = rein_cuda_stream_release(all->streams, &all->lease);
    if (!given_back.is_ok) {
        expect(is_lost(given_back.is_ok, &REIN_ERROR(given_back)), "releasing a lease reports it");
        given_back = rein_cuda_stream_release(all->streams, &all->lease);
    }
    expect(given_back.is_ok, "a lease can be released");
    rein_result_cuda_stream_lease lease =
        rein_cuda_stream_try_acquire(all->streams, REIN_CUDA_PRIORITY_NORMAL);
    expect(is_lost(lease.is_ok, &lease.as.error), "a stream is refused: the device is lost");
}

static void expect_end(holdings *all) {
    expect(rein_cuda_memory_free(all->memory, all->other.pointer).is_ok, "memory can be freed");
    expect(rein_cuda_compute_window_destroy(all->window).is_ok, "the window is destroyed");
    expect(rein_cuda_stream_pool_destroy(all->streams).is_ok, "the stream pool is destroyed");
    expect(rein_cuda_memory_pool_destroy(all->memory).is_ok,
           "the memory pool is destroyed, with memory that is live");
    rein_ledger_usage usage = rein_ledger_read(&all->ledger);
    expect(usage.memory_bytes.used == 0 && usage.streams.used == 0, "the ledger is even");
}

int main(void) {
    if (!runtime_prepare()) {
        return EXIT_SKIPPED;
    }
    holdings all = {.memory = NULL};
    take(&all);
    rein_result_ledger_verdict begun =
        rein_cuda_compute_window_begin(all.window, all.lease.stream, rein_timestamp_never());
    expect(begun.is_ok, "an execution is begun");
    if (!runtime_lose_device(all.lease.stream)) {
        return EXIT_SKIPPED;
    }
    execute_faulty(&all);
    expect_refusals(&all);
    expect_readable(&all);
    expect_streams_lost(&all);
    expect_end(&all);
    return failure_count == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
