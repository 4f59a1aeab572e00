#include "cuda/failure.h"
#include "cuda/granularity.h"
#include "cuda/memory_pool_internal.h"

static rein_cuda_memory_report account(rein_cuda_memory_pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    rein_cuda_memory_report report = {.live_count = pool->live.count,
                                      .live_bytes = pool->live.charged_bytes,
                                      .draining_bytes = pool->draining_bytes,
                                      .peak_bytes = pool->peak_bytes,
                                      .granularity_bytes = pool->granularity_bytes,
                                      .has_driver_cap = pool->has_driver_cap};
    pthread_mutex_unlock(&pool->mutex);
    return report;
}

static cudaError_t observe(rein_cuda_memory_pool *pool, cuda_scope *scope,
                           rein_cuda_memory_report *out_report) {
    const struct {
        enum cudaMemPoolAttr attribute;
        rein_fact_u64 *out_fact;
    } facts[] = {
        {cudaMemPoolAttrUsedMemCurrent, &out_report->used_bytes},
        {cudaMemPoolAttrReservedMemCurrent, &out_report->reserved_bytes},
        {cudaMemPoolAttrUsedMemHigh, &out_report->used_peak_bytes},
        {cudaMemPoolAttrReservedMemHigh, &out_report->reserved_peak_bytes},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        uint64_t value = 0;
        cudaError_t code =
            rein_i_cuda_pool_attribute(scope, pool->driver_pool, facts[i].attribute, &value);
        if (code != cudaSuccess) {
            return code;
        }
        *facts[i].out_fact = rein_fact_u64_known(value);
    }
    return cudaSuccess;
}

/* Cannot overflow: both are below 2^63, because no device has that much memory. */
static int64_t drift(const rein_cuda_memory_report *report) {
    return (int64_t)report->used_bytes.value -
           (int64_t)(report->live_bytes + report->draining_bytes);
}

rein_result_cuda_memory_report rein_cuda_memory_pool_report(rein_cuda_memory_pool *pool) {
    REIN_TRY(rein_result_cuda_memory_report,
             rein_i_cuda_refuse_null(pool, REIN_HERE, "the pool" MUST_NOT_BE_NULL));
    REIN_TRY(rein_result_cuda_memory_report, rein_i_cuda_refuse_forked_child());
    rein_cuda_memory_report report = account(pool);
    if (pool->driver_pool == NULL || rein_i_cuda_binding_is_lost(&pool->binding)) {
        return rein_result_cuda_memory_report_ok(report);
    }
    cuda_scope scope;
    REIN_TRY(rein_result_cuda_memory_report,
             rein_i_cuda_scope_enter(&scope, &pool->binding, CUDA_INTENT_ACQUIRES));
    cudaError_t code = observe(pool, &scope, &report);
    rein_i_cuda_scope_leave(&scope);
    if (code != cudaSuccess) {
        return rein_result_cuda_memory_report_fail(
            rein_i_cuda_failure(code, REIN_HERE, "cudaMemPoolGetAttribute" ON_DEVICE_FAILED,
                                (uint64_t)pool->binding.device, 0));
    }
    report.drift_bytes = rein_fact_i64_known(drift(&report));
    return rein_result_cuda_memory_report_ok(report);
}

size_t rein_cuda_memory_pool_list(rein_cuda_memory_pool *pool,
                                  rein_cuda_live_allocation *out_allocations, size_t capacity) {
    if (pool == NULL || rein_i_cuda_is_forked_child()) {
        return 0;
    }
    size_t room = out_allocations != NULL ? capacity : 0;
    pthread_mutex_lock(&pool->mutex);
    size_t count = rein_i_live_table_list(&pool->live, out_allocations, room);
    pthread_mutex_unlock(&pool->mutex);
    return count;
}
