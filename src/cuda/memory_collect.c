#include "cuda/failure.h"
#include "cuda/memory_pool_internal.h"

/* Removes `*link`, whose predecessor is `previous`, from the list of draining records. */
static live_allocation *take_off(rein_cuda_memory_pool *pool, live_allocation **link,
                                 live_allocation *previous) {
    live_allocation *record = *link;
    *link = record->next;
    if (pool->draining_last == record) {
        pool->draining_last = previous;
    }
    pool->draining_bytes -= record->facts.charged_bytes;
    return record;
}

/* Moves completed frees to a list of their own. The mutex must be held. */
static cudaError_t take_freed(rein_cuda_memory_pool *pool, cuda_scope *scope,
                              live_allocation **out_freed) {
    live_allocation **link = &pool->draining_first;
    live_allocation *previous = NULL;
    while (*link != NULL) {
        cudaError_t code = rein_i_cuda_scope_note(scope, cudaEventQuery((*link)->freed));
        if (code == cudaSuccess) {
            live_allocation *record = take_off(pool, link, previous);
            record->next = *out_freed;
            *out_freed = record;
        } else if (code == cudaErrorNotReady) {
            previous = *link;
            link = &previous->next;
        } else {
            return code;
        }
    }
    return cudaSuccess;
}

static uint64_t release_freed(rein_cuda_memory_pool *pool, live_allocation *freed) {
    uint64_t bytes = 0;
    while (freed != NULL) {
        live_allocation *next = freed->next;
        bytes += freed->facts.charged_bytes;
        rein_i_memory_pool_keep_spare(pool, freed);
        freed = next;
    }
    rein_i_memory_pool_release_charge(pool, bytes);
    return bytes;
}

rein_result_cuda_collected rein_cuda_memory_pool_collect(rein_cuda_memory_pool *pool) {
    REIN_TRY(rein_result_cuda_collected,
             rein_i_cuda_refuse_null(pool, REIN_HERE, "the pool" MUST_NOT_BE_NULL));
    REIN_TRY(rein_result_cuda_collected, rein_i_memory_pool_refuse_closed(pool));
    cuda_scope scope;
    REIN_TRY(rein_result_cuda_collected,
             rein_i_cuda_scope_enter(&scope, &pool->binding, CUDA_INTENT_ACQUIRES));
    live_allocation *freed = NULL;
    pthread_mutex_lock(&pool->mutex);
    cudaError_t code = take_freed(pool, &scope, &freed);
    pthread_mutex_unlock(&pool->mutex);
    rein_i_cuda_scope_leave(&scope);
    uint64_t bytes = release_freed(pool, freed);
    if (code != cudaSuccess) {
        return rein_result_cuda_collected_fail(rein_i_cuda_failure(
            code, REIN_HERE,
            "cudaEventQuery on device {u} failed after {bytes} were collected: {text}",
            (uint64_t)pool->binding.device, bytes));
    }
    return rein_result_cuda_collected_ok(bytes);
}

rein_result_void rein_cuda_memory_pool_trim(rein_cuda_memory_pool *pool, uint64_t kept_bytes) {
    REIN_TRY(rein_result_void,
             rein_i_cuda_refuse_null(pool, REIN_HERE, "the pool" MUST_NOT_BE_NULL));
    REIN_TRY(rein_result_void, rein_i_memory_pool_refuse_closed(pool));
    cuda_scope scope;
    REIN_TRY(rein_result_void,
             rein_i_cuda_scope_enter(&scope, &pool->binding, CUDA_INTENT_ACQUIRES));
    cudaError_t code = cudaSuccess;
    if (pool->driver_pool != NULL) {
        code = rein_i_cuda_scope_note(&scope,
                                      cudaMemPoolTrimTo(pool->driver_pool, (size_t)kept_bytes));
    }
    rein_i_cuda_scope_leave(&scope);
    return rein_i_cuda_check(code, REIN_HERE, "cudaMemPoolTrimTo {bytes}" ON_DEVICE_FAILED,
                             kept_bytes, (uint64_t)pool->binding.device);
}
