/* Tests the module's promises on a runtime, and observes the facts that differ by device and
 * driver. One source, linked with the simulated runtime and with the real one. Assertions hold for
 * both. Observations are written as JSON to the file named by the argument, so that the two can be
 * compared. Exit status: 0 if all assertions hold, 1 if one fails, 77 if there is no device. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "contract/units.h"
#include "cuda/check.h"
#include "cuda/compute_window.h"
#include "cuda/memory_pool.h"
#include "cuda/runtime_under_test.h"
#include "cuda/stream_pool.h"

enum { EXIT_SKIPPED = 77, OBSERVATION_MAX_COUNT = 64 };

typedef struct observation {
    const char *name;
    int64_t value;
} observation;

static observation observations[OBSERVATION_MAX_COUNT];
static size_t observation_count;
static int failure_count;

static void observe(const char *name, int64_t value) {
    if (observation_count == OBSERVATION_MAX_COUNT) {
        abort();
    }
    observations[observation_count++] = (observation){name, value};
}

/* Returns `holds`, so that the caller can skip dependent checks. */
static bool expect(bool holds, const char *what) {
    printf("%s: %s\n", holds ? "holds" : "FAILS", what);
    failure_count += !holds;
    return holds;
}

static bool expect_ok(rein_result_void result, const char *what) {
    if (!result.is_ok) {
        char text[256];
        rein_error_to_string(&REIN_ERROR(result), text, sizeof text);
        printf("  %s\n", text);
    }
    return expect(result.is_ok, what);
}

static rein_ledger make_ledger(uint64_t bytes) {
    rein_ledger ledger;
    rein_resource_budget budget = {.memory_limit_bytes = bytes,
                                   .stream_limit = 4,
                                   .compute_budget = rein_duration_from_ns(REIN_NS_PER_S)};
    REIN_IGNORE(rein_ledger_init(&ledger, &budget));
    return ledger;
}

static rein_device_profile probe(void) {
    rein_result_cuda_report cheap = rein_cuda_probe(0, REIN_CUDA_PROBE_CONTEXT_FREE);
    expect(cheap.is_ok, "the context-free tier answers");
    rein_result_cuda_report exact = rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT);
    if (!expect(exact.is_ok, "the exact tier answers")) {
        exit(EXIT_FAILURE);
    }
    rein_cuda_report report = REIN_VALUE(exact);
    rein_device_profile profile = report.profile;
    expect(rein_device_profile_validate(&profile).is_ok, "the profile contradicts itself nowhere");
    expect(profile.free_bytes.is_known && profile.total_bytes.is_known, "memory is known");
    rein_result_cuda_device by_uuid = rein_cuda_find_device(profile.uuid);
    expect(by_uuid.is_ok && REIN_VALUE(by_uuid) == 0, "the device is found by its UUID");
    rein_result_cuda_device by_pci_id = rein_cuda_find_device(report.pci_id);
    expect(by_pci_id.is_ok && REIN_VALUE(by_pci_id) == 0, "the device is found by its PCI id");
    observe("total_bytes", (int64_t)profile.total_bytes.value);
    observe("context_bytes", report.cost_bytes.is_known ? (int64_t)report.cost_bytes.value : -1);
    observe("granularity_bytes", (int64_t)profile.allocation_granularity_bytes.value);
    observe("pool_growth_bytes", (int64_t)report.profile.pool_growth_bytes.value);
    observe("least_priority", profile.least_stream_priority.value);
    observe("greatest_priority", profile.greatest_stream_priority.value);
    observe("has_pools", profile.supports_memory_pools.value);
    return profile;
}

/* `reserved_name` is the name of the observation of the memory reserved at the limit. */
static void check_memory(uint64_t limit, rein_fact_u64 granularity, const char *reserved_name) {
    rein_ledger ledger = make_ledger(limit);
    rein_cuda_memory_pool_options options = {.ledger = &ledger, .granularity_bytes = granularity};
    rein_result_cuda_memory_pool made = rein_cuda_memory_pool_create(&options);
    if (!expect(made.is_ok, "a memory pool is created")) {
        return;
    }
    rein_cuda_memory_pool *pool = REIN_VALUE(made);
    rein_result_cuda_allocation half = rein_cuda_memory_allocate(pool, limit / 2);
    rein_result_cuda_allocation rest = rein_cuda_memory_allocate(pool, limit / 2);
    expect(half.is_ok && REIN_VALUE(half).verdict.is_granted, "one half of the budget is granted");
    expect(rest.is_ok && REIN_VALUE(rest).verdict.is_granted, "the other half is granted");
    rein_result_cuda_allocation more = rein_cuda_memory_allocate(pool, 1);
    expect(more.is_ok && !REIN_VALUE(more).verdict.is_granted, "one byte more is refused");
    rein_result_cuda_memory_report report = rein_cuda_memory_pool_report(pool);
    if (expect(report.is_ok, "the pool reports")) {
        rein_cuda_memory_report facts = REIN_VALUE(report);
        expect(!facts.drift_bytes.is_known || facts.drift_bytes.value == 0,
               "accounted and observed bytes agree");
        observe(reserved_name,
                facts.reserved_bytes.is_known ? (int64_t)facts.reserved_bytes.value : -1);
    }
    if (half.is_ok) {
        expect_ok(rein_cuda_memory_free(pool, REIN_VALUE(half).pointer), "memory is freed");
    }
    expect_ok(rein_cuda_memory_pool_destroy(pool), "a pool with a leak is destroyed");
    expect(rein_ledger_read(&ledger).memory_bytes.used == 0, "the ledger is even");
}

/* Observes the driver's own cap directly, with a truth table around the limit. */
static void observe_cap(void) {
#if CUDART_VERSION >= 12020
    const struct {
        const char *name;
        size_t cap;
        size_t bytes;
    } asked[] = {{"cap_less_one_code", 64u << 20, (64u << 20) - 1},
                 {"cap_exactly_code", 64u << 20, 64u << 20},
                 {"cap_plus_one_code", 64u << 20, (64u << 20) + 1},
                 {"cap_twice_code", 64u << 20, 128u << 20},
                 {"cap_of_8_mib_at_32_mib_code", 8u << 20, 32u << 20},
                 {"cap_of_8_mib_above_32_mib_code", 8u << 20, (32u << 20) + 1}};
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        struct cudaMemPoolProps properties = {.allocType = cudaMemAllocationTypePinned,
                                              .location = {.type = cudaMemLocationTypeDevice},
                                              .maxSize = asked[i].cap};
        cudaMemPool_t pool = NULL;
        if (!expect(cudaMemPoolCreate(&pool, &properties) == cudaSuccess,
                    "a capped pool is made")) {
            return;
        }
        void *pointer = NULL;
        cudaError_t code = cudaMallocFromPoolAsync(&pointer, asked[i].bytes, pool, NULL);
        observe(asked[i].name, code);
        if (code == cudaSuccess) {
            expect(cudaFreeAsync(pointer, NULL) == cudaSuccess, "it is freed");
        }
        (void)cudaStreamSynchronize(NULL);
        expect(cudaMemPoolDestroy(pool) == cudaSuccess, "the capped pool is destroyed");
        (void)cudaGetLastError();
    }
#endif
}

static void check_streams(void) {
    rein_ledger ledger = make_ledger(REIN_MIB);
    rein_cuda_stream_pool_options options = {.ledger = &ledger, .counts = {0, 1, 1}};
    rein_result_cuda_stream_pool made = rein_cuda_stream_pool_create(&options);
    if (!expect(made.is_ok, "a stream pool is created")) {
        return;
    }
    rein_cuda_stream_pool *pool = REIN_VALUE(made);
    rein_result_cuda_stream_lease lease =
        rein_cuda_stream_try_acquire(pool, REIN_CUDA_PRIORITY_HIGH);
    expect(lease.is_ok && REIN_VALUE(lease).verdict.is_granted, "a stream is leased");
    rein_result_cuda_stream_lease second =
        rein_cuda_stream_try_acquire(pool, REIN_CUDA_PRIORITY_HIGH);
    expect(second.is_ok && !REIN_VALUE(second).verdict.is_granted, "a second one is refused");
    expect_ok(rein_cuda_stream_release(pool, &REIN_VALUE(lease)), "the stream is released");
    rein_result_void again = rein_cuda_stream_release(pool, &REIN_VALUE(lease));
    expect(!again.is_ok, "it cannot be released twice");
    expect_ok(rein_cuda_stream_pool_destroy(pool), "the stream pool is destroyed");
    expect(rein_ledger_read(&ledger).streams.used == 0, "the ledger of streams is even");
}

/* Submits work of some milliseconds on any device, and observes whether "not ready" stays as the
 * last error. */
static void occupy(cudaStream_t stream, void *memory, size_t bytes) {
    enum { REPEAT_COUNT = 200 };
    for (int i = 0; i < REPEAT_COUNT; i++) {
        expect(cudaMemsetAsync(memory, 0, bytes, stream) == cudaSuccess, "work is submitted");
    }
    cudaError_t code = cudaStreamQuery(stream);
    observe("query_of_busy_stream_code", code);
    observe("last_error_after_query_code", cudaGetLastError());
}

static void check_window(void) {
    enum { BYTES = 64 << 20 };
    rein_ledger ledger = make_ledger(2 * (uint64_t)BYTES);
    rein_cuda_memory_pool_options memory = {.ledger = &ledger};
    rein_result_cuda_memory_pool pool = rein_cuda_memory_pool_create(&memory);
    rein_cuda_compute_window_options options = {.ledger = &ledger};
    rein_result_cuda_compute_window made = rein_cuda_compute_window_create(&options);
    rein_cuda_stream_pool_options one = {.ledger = &ledger, .counts = {0, 1, 0}};
    rein_result_cuda_stream_pool streams = rein_cuda_stream_pool_create(&one);
    if (!expect(pool.is_ok && made.is_ok && streams.is_ok, "a window and its needs are created")) {
        return;
    }
    rein_cuda_stream_lease lease =
        REIN_UNWRAP(rein_cuda_stream_try_acquire(REIN_VALUE(streams), REIN_CUDA_PRIORITY_NORMAL));
    rein_cuda_allocation allocation =
        REIN_UNWRAP(rein_cuda_memory_allocate(REIN_VALUE(pool), BYTES));
    rein_cuda_compute_window *window = REIN_VALUE(made);
    rein_result_ledger_verdict begun =
        rein_cuda_compute_window_begin(window, lease.stream, rein_timestamp_never());
    expect(begun.is_ok && REIN_VALUE(begun).is_granted, "an execution is begun");
    occupy(lease.stream, allocation.pointer, BYTES);
    expect_ok(rein_cuda_compute_window_end(window), "it is ended");
    rein_result_cuda_execution_time time = rein_cuda_compute_window_wait(window);
    expect(time.is_ok && REIN_VALUE(time).elapsed.ns > 0, "it took time");
    expect(rein_ledger_read(&ledger).compute_ns.used ==
               (uint64_t)(time.is_ok ? REIN_VALUE(time).elapsed.ns : 0),
           "the time is accounted");
    expect_ok(rein_cuda_memory_free_async(REIN_VALUE(pool), allocation.pointer, lease.stream),
              "memory is freed in order");
    expect(cudaStreamSynchronize(lease.stream) == cudaSuccess, "the stream gets there");
    rein_result_cuda_collected collected = rein_cuda_memory_pool_collect(REIN_VALUE(pool));
    expect(collected.is_ok && REIN_VALUE(collected) >= BYTES, "and the charge is released");
    expect_ok(rein_cuda_stream_release(REIN_VALUE(streams), &lease), "the stream is released");
    expect_ok(rein_cuda_compute_window_destroy(window), "the window is destroyed");
    expect_ok(rein_cuda_stream_pool_destroy(REIN_VALUE(streams)), "the stream pool is destroyed");
    expect_ok(rein_cuda_memory_pool_destroy(REIN_VALUE(pool)), "the memory pool is destroyed");
}

static void check_pending_error(void) {
    expect(cudaSetDevice(-1) == cudaErrorInvalidDevice, "an invalid device is refused");
    rein_result_cuda_report report = rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT);
    expect(!report.is_ok && REIN_ERROR(report).code == REIN_ERROR_INVALID_STATE,
           "a pending error of the caller blocks the call");
    expect(cudaGetLastError() == cudaErrorInvalidDevice, "and is still the caller's");
    expect(cudaPeekAtLastError() == cudaSuccess, "and is gone once taken");
}

static bool write_observations(const char *path, const rein_device_profile *profile) {
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        return false;
    }
    fprintf(file, "{\n  \"schema_version\": 1,\n  \"runtime\": \"%s\",\n  \"device\": \"%s\",\n",
            runtime_name, profile->name);
    fprintf(file, "  \"driver_version\": %" PRIu64 ",\n  \"runtime_version\": %" PRIu64 ",\n",
            profile->driver_version.value, profile->runtime_version.value);
    fprintf(file, "  \"recorded_at_unix_s\": %" PRId64 ",\n  \"observations\": {\n",
            profile->recorded_at_unix_s.value);
    for (size_t i = 0; i < observation_count; i++) {
        fprintf(file, "    \"%s\": %" PRId64 "%s\n", observations[i].name, observations[i].value,
                i + 1 < observation_count ? "," : "");
    }
    fprintf(file, "  }\n}\n");
    return fclose(file) == 0;
}

int main(int argument_count, char **arguments) {
    if (argument_count != 2) {
        fprintf(stderr, "usage: %s OBSERVATIONS.json\n", arguments[0]);
        return 2;
    }
    if (!runtime_prepare()) {
        return EXIT_SKIPPED;
    }
    rein_device_profile profile = probe();
    check_memory(64 * REIN_MIB, rein_fact_u64_unknown(), "reserved_at_64_mib_bytes");
    check_memory(8 * REIN_MIB, profile.allocation_granularity_bytes, "reserved_at_8_mib_bytes");
    if (profile.supports_memory_pools.value) {
        observe_cap();
        check_window();
    }
    check_streams();
    check_pending_error();
    expect(write_observations(arguments[1], &profile), "the observations are written");
    return failure_count == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
