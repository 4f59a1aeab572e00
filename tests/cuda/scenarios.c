#include "cuda/scenarios.h"

#include "contract/units.h"
#include "cuda/check.h"
#include "cuda/compute_window.h"
#include "cuda/memory_pool.h"
#include "cuda/probe.h"
#include "cuda/stream_pool.h"

enum { DESTROY_ATTEMPT_COUNT = 3 };

rein_result_void first_error(rein_result_void first, rein_result_void second) {
    return first.is_ok ? second : first;
}

static rein_result_void as_void(bool is_ok, const rein_error *error) {
    return is_ok ? rein_done() : rein_result_void_fail(*error);
}

#define AS_VOID(result) as_void((result).is_ok, &(result).as.error)

void scenarios_reset(rein_ledger *ledger) {
    simulated_device devices[] = {simulated_device_default(), simulated_device_default()};
    devices[1].pci_bus = 2;
    devices[1].profile.supports_memory_pools = rein_fact_bool_known(false);
    devices[1].profile.least_stream_priority = rein_fact_i64_known(0);
    devices[1].profile.greatest_stream_priority = rein_fact_i64_known(0);
    simulated_cudart_reset(devices, 2, CUDART_VERSION);
    rein_resource_budget budget = {.memory_limit_bytes = 64 * REIN_MIB,
                                   .stream_limit = 4,
                                   .compute_budget = rein_duration_from_ns(100 * REIN_NS_PER_MS)};
    REIN_IGNORE(rein_ledger_init(ledger, &budget));
}

static rein_result_void destroy_memory(rein_cuda_memory_pool *pool) {
    rein_result_void first = rein_cuda_memory_pool_destroy(pool);
    rein_result_void last = first;
    for (int i = 1; i < DESTROY_ATTEMPT_COUNT && !last.is_ok; i++) {
        last = rein_cuda_memory_pool_destroy(pool);
    }
    return first;
}

static rein_result_void destroy_streams(rein_cuda_stream_pool *pool) {
    rein_result_void first = rein_cuda_stream_pool_destroy(pool);
    rein_result_void last = first;
    for (int i = 1; i < DESTROY_ATTEMPT_COUNT && !last.is_ok; i++) {
        last = rein_cuda_stream_pool_destroy(pool);
    }
    return first;
}

static rein_result_void destroy_window(rein_cuda_compute_window *window) {
    rein_result_void first = rein_cuda_compute_window_destroy(window);
    rein_result_void last = first;
    for (int i = 1; i < DESTROY_ATTEMPT_COUNT && !last.is_ok; i++) {
        last = rein_cuda_compute_window_destroy(window);
    }
    return first;
}

static rein_result_void release_stream(rein_cuda_stream_pool *pool,
                                       const rein_cuda_stream_lease *lease) {
    rein_result_void first = rein_cuda_stream_release(pool, lease);
    return first.is_ok ? first : first_error(first, rein_cuda_stream_release(pool, lease));
}

static rein_result_void probe(rein_ledger *ledger, int32_t device) {
    (void)ledger;
    rein_result_cuda_report report = rein_cuda_probe(device, REIN_CUDA_PROBE_CONTEXT_FREE);
    return AS_VOID(report);
}

static rein_result_void probe_exactly(rein_ledger *ledger, int32_t device) {
    (void)ledger;
    rein_cuda_report report =
        REIN_TRY(rein_result_void, rein_cuda_probe(device, REIN_CUDA_PROBE_EXACT));
    return rein_cuda_probe_refresh(&report);
}

static rein_result_void find(rein_ledger *ledger, int32_t device) {
    (void)ledger;
    static const char *const names[][3] = {
        {"0", "0000:01:00.0", "GPU-00010203-0405-0607-0809-0a0b0c0d0e0f"},
        {"1", "0000:02:00.0", "GPU-10111213-1415-1617-1819-1a1b1c1d1e1f"}};
    for (int i = 0; i < 3; i++) {
        REIN_TRY(rein_result_void, rein_cuda_find_device(names[device][i]));
    }
    return rein_done();
}

static rein_result_void check(rein_ledger *ledger, int32_t device) {
    rein_resource_budget budget = rein_ledger_budget(ledger);
    rein_result_cuda_check answer = rein_cuda_check_budget(device, &budget);
    return AS_VOID(answer);
}

static rein_result_cuda_memory_pool make_pool(rein_ledger *ledger, int32_t device) {
    rein_cuda_memory_pool_options options = {
        .device = device, .ledger = ledger, .kept_bytes = REIN_MIB};
    return rein_cuda_memory_pool_create(&options);
}

static rein_result_void allocate_and_report(rein_cuda_memory_pool *pool) {
    rein_cuda_allocation allocation =
        REIN_TRY(rein_result_void, rein_cuda_memory_allocate(pool, 3 * REIN_MIB));
    rein_result_cuda_memory_report report = rein_cuda_memory_pool_report(pool);
    rein_result_void trimmed = rein_cuda_memory_pool_trim(pool, 0);
    rein_result_void freed = rein_cuda_memory_free(pool, allocation.pointer);
    if (!freed.is_ok) {
        freed = first_error(freed, rein_cuda_memory_free(pool, allocation.pointer));
    }
    return first_error(first_error(AS_VOID(report), trimmed), freed);
}

static rein_result_void memory(rein_ledger *ledger, int32_t device) {
    rein_cuda_memory_pool *pool = REIN_TRY(rein_result_void, make_pool(ledger, device));
    rein_result_void used = allocate_and_report(pool);
    return first_error(used, destroy_memory(pool));
}

static rein_result_void leaky_memory(rein_ledger *ledger, int32_t device) {
    rein_cuda_memory_pool *pool = REIN_TRY(rein_result_void, make_pool(ledger, device));
    rein_result_cuda_allocation first = rein_cuda_memory_allocate(pool, REIN_MIB);
    rein_result_cuda_allocation second = rein_cuda_memory_allocate(pool, 1);
    rein_result_void allocated = first_error(AS_VOID(first), AS_VOID(second));
    return first_error(allocated, destroy_memory(pool));
}

static rein_result_void order_memory(rein_cuda_memory_pool *pool, cudaStream_t stream) {
    rein_cuda_allocation first =
        REIN_TRY(rein_result_void, rein_cuda_memory_allocate_async(pool, REIN_MIB, stream));
    simulated_cudart_submit_work(stream, 1000);
    REIN_TRY(rein_result_void, rein_cuda_memory_free_async(pool, first.pointer, stream));
    REIN_TRY(rein_result_void, rein_cuda_memory_pool_collect(pool));
    simulated_cudart_advance(2000);
    REIN_TRY(rein_result_void, rein_cuda_memory_pool_collect(pool));
    rein_cuda_allocation second =
        REIN_TRY(rein_result_void, rein_cuda_memory_allocate_async(pool, REIN_MIB, stream));
    return rein_cuda_memory_free_async(pool, second.pointer, stream);
}

static rein_result_void ordered_memory(rein_ledger *ledger, int32_t device) {
    (void)device;
    rein_cuda_stream_pool_options options = {.device = 0, .ledger = ledger, .counts = {0, 1, 0}};
    rein_cuda_stream_pool *streams =
        REIN_TRY(rein_result_void, rein_cuda_stream_pool_create(&options));
    rein_result_cuda_stream_lease lease =
        rein_cuda_stream_try_acquire(streams, REIN_CUDA_PRIORITY_NORMAL);
    rein_result_void used = AS_VOID(lease);
    rein_result_cuda_memory_pool pool = make_pool(ledger, 0);
    used = first_error(used, AS_VOID(pool));
    if (used.is_ok) {
        used = order_memory(REIN_VALUE(pool), REIN_VALUE(lease).stream);
    }
    if (pool.is_ok) {
        used = first_error(used, destroy_memory(REIN_VALUE(pool)));
    }
    if (lease.is_ok) {
        used = first_error(used, release_stream(streams, &REIN_VALUE(lease)));
    }
    return first_error(used, destroy_streams(streams));
}

static rein_result_void lease_twice(rein_cuda_stream_pool *pool) {
    rein_cuda_stream_lease first =
        REIN_TRY(rein_result_void, rein_cuda_stream_try_acquire(pool, REIN_CUDA_PRIORITY_HIGH));
    simulated_cudart_submit_work(first.stream, 1000);
    REIN_TRY(rein_result_void, release_stream(pool, &first));
    REIN_TRY(rein_result_void, rein_cuda_stream_try_acquire(pool, REIN_CUDA_PRIORITY_HIGH));
    simulated_cudart_advance(2000);
    rein_cuda_stream_lease second =
        REIN_TRY(rein_result_void, rein_cuda_stream_try_acquire(pool, REIN_CUDA_PRIORITY_HIGH));
    return release_stream(pool, &second);
}

static rein_result_void streams(rein_ledger *ledger, int32_t device) {
    rein_cuda_stream_pool_options options = {
        .device = device, .ledger = ledger, .counts = {1, 1, 1}};
    rein_cuda_stream_pool *pool =
        REIN_TRY(rein_result_void, rein_cuda_stream_pool_create(&options));
    rein_result_void used = lease_twice(pool);
    return first_error(used, destroy_streams(pool));
}

static rein_result_void measure(rein_cuda_compute_window *window, bool waits) {
    REIN_TRY(rein_result_void,
             rein_cuda_compute_window_begin(window, NULL, rein_timestamp_never()));
    REIN_TRY(rein_result_void, rein_cuda_compute_window_end(window));
    rein_result_cuda_execution_time time =
        waits ? rein_cuda_compute_window_wait(window) : rein_cuda_compute_window_collect(window);
    return AS_VOID(time);
}

static rein_result_void compute(rein_ledger *ledger, int32_t device) {
    rein_cuda_compute_window_options options = {.device = device, .ledger = ledger};
    rein_cuda_compute_window *window =
        REIN_TRY(rein_result_void, rein_cuda_compute_window_create(&options));
    rein_result_void used = measure(window, false);
    if (used.is_ok) {
        used = measure(window, true);
    }
    return first_error(used, destroy_window(window));
}

const cuda_scenario scenarios[] = {
    {"probe", probe},
    {"probe exactly", probe_exactly},
    {"find", find},
    {"check", check},
    {"memory", memory},
    {"leaky memory", leaky_memory},
    {"ordered memory", ordered_memory},
    {"streams", streams},
    {"compute", compute},
};
const size_t scenario_count = sizeof scenarios / sizeof scenarios[0];
