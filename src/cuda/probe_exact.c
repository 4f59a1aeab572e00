#include "cuda/context_cost.h"
#include "cuda/failure.h"
#include "cuda/free_memory.h"
#include "cuda/granularity.h"
#include "cuda/probe_internal.h"

static uint64_t smaller(uint64_t left, uint64_t right) {
    return left < right ? left : right;
}

static rein_result_void read_memory(cuda_scope *scope, rein_cuda_report *report) {
    size_t free_bytes = 0;
    size_t total_bytes = 0;
    REIN_TRY(rein_result_void,
             rein_i_cuda_check(
                 rein_i_cuda_scope_note(scope, cudaMemGetInfo(&free_bytes, &total_bytes)),
                 REIN_HERE, "cudaMemGetInfo" ON_DEVICE_FAILED, (uint64_t)report->device, 0));
    rein_device_profile *profile = &report->profile;
    profile->total_bytes = rein_fact_u64_known(total_bytes);
    profile->free_bytes = rein_fact_u64_known(smaller(free_bytes, total_bytes));
    rein_fact_u64 available = rein_i_system_available_bytes();
    if (profile->is_integrated.value && available.is_known) {
        profile->free_bytes = rein_fact_u64_known(smaller(available.value, total_bytes));
    }
    profile->recorded_at_unix_s = probe_now();
    return rein_done();
}

static rein_result_void read_priorities(cuda_scope *scope, rein_cuda_report *report) {
    int least = 0;
    int greatest = 0;
    REIN_TRY(rein_result_void,
             rein_i_cuda_check(
                 rein_i_cuda_scope_note(scope, cudaDeviceGetStreamPriorityRange(&least, &greatest)),
                 REIN_HERE, "cudaDeviceGetStreamPriorityRange" ON_DEVICE_FAILED,
                 (uint64_t)report->device, 0));
    report->profile.least_stream_priority = rein_fact_i64_known(least);
    report->profile.greatest_stream_priority = rein_fact_i64_known(greatest);
    return rein_done();
}

static cudaError_t observe_on_stream(cuda_scope *scope, cudaStream_t stream,
                                     rein_cuda_granularity *out_granularity) {
    cudaMemPool_t pool = NULL;
    bool has_cap = false;
    cudaError_t code = rein_i_cuda_driver_pool_create(scope, 0, &pool, &has_cap);
    if (code != cudaSuccess) {
        return code;
    }
    code = rein_i_cuda_observe_pool(scope, pool, stream, out_granularity);
    cudaError_t destroyed = rein_i_cuda_scope_note(scope, cudaMemPoolDestroy(pool));
    if (destroyed != cudaSuccess) {
        (void)rein_i_cuda_scope_note(scope, cudaMemPoolDestroy(pool));
    }
    return code != cudaSuccess ? code : destroyed;
}

static cudaError_t observe_new_pool(cuda_scope *scope, rein_cuda_granularity *out_granularity) {
    cudaStream_t stream = NULL;
    cudaError_t code =
        rein_i_cuda_scope_note(scope, cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    if (code != cudaSuccess) {
        return code;
    }
    code = observe_on_stream(scope, stream, out_granularity);
    cudaError_t destroyed = rein_i_cuda_scope_note(scope, cudaStreamDestroy(stream));
    if (destroyed != cudaSuccess) {
        (void)rein_i_cuda_scope_note(scope, cudaStreamDestroy(stream));
    }
    return code != cudaSuccess ? code : destroyed;
}

static rein_fact_u64 known_unless_zero(uint64_t bytes) {
    return bytes == 0 ? rein_fact_u64_unknown() : rein_fact_u64_known(bytes);
}

static rein_result_void read_granularity(cuda_scope *scope, rein_cuda_report *report) {
    rein_cuda_granularity observed = {.charge_bytes = 0};
    bool has_pools = report->profile.supports_memory_pools.value;
    cudaError_t code = has_pools ? observe_new_pool(scope, &observed)
                                 : rein_i_cuda_observe_malloc(scope, &observed);
    REIN_TRY(rein_result_void,
             rein_i_cuda_check(code, REIN_HERE, OBSERVING_FAILED, (uint64_t)report->device, 0));
    report->profile.allocation_granularity_bytes = known_unless_zero(observed.charge_bytes);
    if (has_pools) {
        report->profile.pool_growth_bytes = known_unless_zero(observed.growth_bytes);
    }
    return rein_done();
}

static void take_cost(rein_cuda_report *report, const context_witness *before) {
    report->cost_bytes = rein_i_context_witness_cost(before);
    if (report->cost_bytes.value > 0) {
        report->profile.context_overhead_bytes = report->cost_bytes;
    }
}

static rein_result_void read_in_scope(cuda_scope *scope, rein_cuda_report *report,
                                      const context_witness *before) {
    REIN_TRY(rein_result_void, read_memory(scope, report));
    take_cost(report, before);
    REIN_TRY(rein_result_void, read_priorities(scope, report));
    return read_granularity(scope, report);
}

/* The scope borrows `binding`. */
static rein_result_void enter_device_of(const rein_cuda_report *report, cuda_binding *binding,
                                        cuda_scope *scope) {
    *binding = (cuda_binding){.device = report->device};
    return rein_i_cuda_scope_enter(scope, binding, CUDA_INTENT_ACQUIRES);
}

static rein_result_void probe_beside(rein_cuda_report *report, const context_witness *before) {
    cuda_binding binding;
    cuda_scope scope;
    REIN_TRY(rein_result_void, enter_device_of(report, &binding, &scope));
    rein_result_void read = read_in_scope(&scope, report, before);
    rein_i_cuda_scope_leave(&scope);
    return read;
}

rein_result_void rein_i_probe_exact(rein_cuda_report *report) {
    context_witness before = rein_i_context_witness_open(report->pci_id);
    rein_result_void probed = probe_beside(report, &before);
    rein_i_context_witness_close(&before);
    return probed;
}

rein_result_void rein_cuda_probe_refresh(rein_cuda_report *report) {
    REIN_TRY(rein_result_void,
             rein_i_cuda_refuse_null(report, REIN_HERE, "the report" MUST_NOT_BE_NULL));
    if (report->tier != REIN_CUDA_PROBE_EXACT) {
        return rein_result_void_fail(
            rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE, REPORT_MUST_BE_EXACT));
    }
    cuda_binding binding;
    cuda_scope scope;
    REIN_TRY(rein_result_void, enter_device_of(report, &binding, &scope));
    rein_result_void read = read_memory(&scope, report);
    rein_i_cuda_scope_leave(&scope);
    return read;
}
