#include "cuda/failure.h"
#include "cuda/memory_pool_internal.h"

static live_allocation *take_live(rein_cuda_memory_pool *pool, const void *pointer) {
    pthread_mutex_lock(&pool->mutex);
    live_allocation *record = rein_i_live_table_remove(&pool->live, pointer);
    pthread_mutex_unlock(&pool->mutex);
    return record;
}

static void put_back(rein_cuda_memory_pool *pool, live_allocation *record) {
    pthread_mutex_lock(&pool->mutex);
    rein_i_live_table_insert(&pool->live, record);
    pthread_mutex_unlock(&pool->mutex);
}

static rein_result_void unknown_pointer(const void *pointer) {
    rein_error error = rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                                       "the pointer {u} is not a live allocation of this pool");
    return rein_result_void_fail(
        rein_error_with_numbers(error, (uint64_t)(uintptr_t)pointer, 0, 0));
}

static rein_result_void free_failure(const rein_cuda_memory_pool *pool, cudaError_t code,
                                     const live_allocation *record, rein_source_location where,
                                     const char *message) {
    return rein_i_cuda_check(code, where, message, record->facts.charged_bytes,
                             (uint64_t)pool->binding.device);
}

rein_result_void rein_i_memory_pool_free_now(rein_cuda_memory_pool *pool, cuda_scope *scope,
                                             const live_allocation *record) {
    void *pointer = record->facts.pointer;
    if (pool->driver_pool == NULL) {
        return free_failure(pool, rein_i_cuda_scope_note(scope, cudaFree(pointer)), record,
                            REIN_HERE, "cudaFree of {bytes}" ON_DEVICE_FAILED);
    }
    return free_failure(pool, rein_i_cuda_scope_note(scope, cudaFreeAsync(pointer, pool->stream)),
                        record, REIN_HERE, "cudaFreeAsync of {bytes}" ON_DEVICE_FAILED);
}

static rein_result_void free_on_device(rein_cuda_memory_pool *pool, const live_allocation *record) {
    cuda_scope scope;
    REIN_TRY(rein_result_void,
             rein_i_cuda_scope_enter(&scope, &pool->binding, CUDA_INTENT_RELEASES));
    rein_result_void freed = rein_i_memory_pool_free_now(pool, &scope, record);
    rein_i_cuda_scope_leave(&scope);
    return freed;
}

static void forget(rein_cuda_memory_pool *pool, live_allocation *record) {
    uint64_t charged = record->facts.charged_bytes;
    rein_i_memory_pool_keep_spare(pool, record);
    rein_i_memory_pool_release_charge(pool, charged);
}

rein_result_void rein_cuda_memory_free(rein_cuda_memory_pool *pool, void *pointer) {
    REIN_TRY(rein_result_void,
             rein_i_cuda_refuse_null(pool, REIN_HERE, "the pool" MUST_NOT_BE_NULL));
    REIN_TRY(rein_result_void, rein_i_cuda_refuse_forked_child());
    live_allocation *record = take_live(pool, pointer);
    if (record == NULL) {
        return unknown_pointer(pointer);
    }
    if (!rein_i_cuda_binding_is_lost(&pool->binding)) {
        rein_result_void freed = free_on_device(pool, record);
        if (!freed.is_ok) {
            put_back(pool, record);
            return freed;
        }
    }
    forget(pool, record);
    return rein_done();
}

static rein_result_void prepare_event(rein_cuda_memory_pool *pool, cuda_scope *scope,
                                      live_allocation *record) {
    if (record->freed != NULL) {
        return rein_done();
    }
    cudaError_t code = rein_i_cuda_scope_note(
        scope, cudaEventCreateWithFlags(&record->freed, cudaEventDisableTiming));
    return free_failure(pool, code, record, REIN_HERE,
                        "cudaEventCreateWithFlags to free {bytes}" ON_DEVICE_FAILED);
}

/* Records the event before the free, not after it. Nothing lies between them on the stream, and the
 * free, which cannot be undone, is then the last call that can fail. */
static rein_result_void free_in_order(rein_cuda_memory_pool *pool, cuda_scope *scope,
                                      live_allocation *record, cudaStream_t stream) {
    REIN_TRY(rein_result_void, rein_i_cuda_refuse_capture(scope, stream, REIN_HERE));
    REIN_TRY(rein_result_void, prepare_event(pool, scope, record));
    cudaError_t code = rein_i_cuda_scope_note(scope, cudaEventRecord(record->freed, stream));
    REIN_TRY(rein_result_void, free_failure(pool, code, record, REIN_HERE,
                                            "cudaEventRecord to free {bytes}" ON_DEVICE_FAILED));
    code = rein_i_cuda_scope_note(scope, cudaFreeAsync(record->facts.pointer, stream));
    return free_failure(pool, code, record, REIN_HERE, "cudaFreeAsync of {bytes}" ON_DEVICE_FAILED);
}

static void add_draining(rein_cuda_memory_pool *pool, live_allocation *record) {
    record->next = NULL;
    pthread_mutex_lock(&pool->mutex);
    if (pool->draining_last == NULL) {
        pool->draining_first = record;
    } else {
        pool->draining_last->next = record;
    }
    pool->draining_last = record;
    pool->draining_bytes += record->facts.charged_bytes;
    pthread_mutex_unlock(&pool->mutex);
}

static rein_result_void free_on_stream(rein_cuda_memory_pool *pool, live_allocation *record,
                                       cudaStream_t stream) {
    cuda_scope scope;
    REIN_TRY(rein_result_void,
             rein_i_cuda_scope_enter(&scope, &pool->binding, CUDA_INTENT_RELEASES));
    rein_result_void freed = free_in_order(pool, &scope, record, stream);
    rein_i_cuda_scope_leave(&scope);
    return freed;
}

rein_result_void rein_cuda_memory_free_async(rein_cuda_memory_pool *pool, void *pointer,
                                             struct CUstream_st *stream) {
    REIN_TRY(rein_result_void,
             rein_i_cuda_refuse_null(pool, REIN_HERE, "the pool" MUST_NOT_BE_NULL));
    REIN_TRY(rein_result_void, rein_i_cuda_refuse_forked_child());
    if (pool->driver_pool == NULL) {
        return rein_result_void_fail(rein_i_memory_pool_unordered_error(pool, REIN_HERE));
    }
    if (rein_i_cuda_binding_is_lost(&pool->binding)) {
        return rein_cuda_memory_free(pool, pointer);
    }
    live_allocation *record = take_live(pool, pointer);
    if (record == NULL) {
        return unknown_pointer(pointer);
    }
    rein_result_void freed = free_on_stream(pool, record, stream);
    if (!freed.is_ok) {
        put_back(pool, record);
        return freed;
    }
    add_draining(pool, record);
    return rein_done();
}
