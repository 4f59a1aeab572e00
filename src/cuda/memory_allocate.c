#include <stdlib.h>

#include "contract/units.h"
#include "cuda/failure.h"
#include "cuda/memory_pool_internal.h"

rein_result_void rein_i_memory_pool_refuse_closed(const rein_cuda_memory_pool *pool) {
    REIN_TRY(rein_result_void, rein_i_cuda_refuse_forked_child());
    return !__atomic_load_n(&pool->is_closed, __ATOMIC_RELAXED)
               ? rein_done()
               : rein_result_void_fail(
                     rein_error_make(REIN_ERROR_INVALID_STATE, REIN_HERE,
                                     "the destruction of the memory pool has begun; the pool can "
                                     "only be destroyed again"));
}

void rein_i_memory_pool_release_charge(rein_cuda_memory_pool *pool, uint64_t bytes) {
    REIN_IGNORE(rein_ledger_release_memory(pool->ledger, bytes));
}

void rein_i_memory_pool_keep_spare(rein_cuda_memory_pool *pool, live_allocation *record) {
    pthread_mutex_lock(&pool->mutex);
    record->next = pool->spare;
    pool->spare = record;
    pthread_mutex_unlock(&pool->mutex);
}

/* Returns NULL if the host is out of memory. */
static live_allocation *take_record(rein_cuda_memory_pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    live_allocation *record = pool->spare;
    if (record != NULL) {
        pool->spare = record->next;
    }
    pthread_mutex_unlock(&pool->mutex);
    return record != NULL ? record : calloc(1, sizeof *record);
}

static rein_error host_memory_error(rein_source_location where) {
    return rein_error_make(REIN_ERROR_OUT_OF_MEMORY, where,
                           HOST_IS_OUT_OF_MEMORY "record an allocation");
}

static void insert_live(rein_cuda_memory_pool *pool, live_allocation *record) {
    pthread_mutex_lock(&pool->mutex);
    record->facts.number = ++pool->allocation_count;
    rein_i_live_table_insert(&pool->live, record);
    uint64_t held = pool->live.charged_bytes + pool->draining_bytes;
    pool->peak_bytes = held > pool->peak_bytes ? held : pool->peak_bytes;
    pthread_mutex_unlock(&pool->mutex);
}

static rein_result_void allocation_failure(const rein_cuda_memory_pool *pool, cudaError_t code,
                                           rein_source_location where, const char *message,
                                           uint64_t bytes) {
    return rein_result_void_fail(
        rein_i_cuda_failure(code, where, message, bytes, (uint64_t)pool->binding.device));
}

/* The pool's own stream carries nothing else: once it is idle, every stream may use the memory. If
 * CUDA can neither wait for the memory nor free it, it stays live and charged. */
static rein_result_void wait_for_allocation(rein_cuda_memory_pool *pool, cuda_scope *scope,
                                            live_allocation *record, bool *out_is_live) {
    cudaError_t code = rein_i_cuda_scope_note(scope, cudaStreamSynchronize(pool->stream));
    if (code == cudaSuccess) {
        return rein_done();
    }
    cudaError_t freed =
        rein_i_cuda_scope_note(scope, cudaFreeAsync(record->facts.pointer, pool->stream));
    *out_is_live = freed != cudaSuccess && !rein_i_cuda_binding_is_lost(&pool->binding);
    return allocation_failure(
        pool, code, REIN_HERE,
        "cudaStreamSynchronize after the allocation of {bytes}" ON_DEVICE_FAILED,
        record->facts.charged_bytes);
}

static rein_result_void allocate_from_pool(rein_cuda_memory_pool *pool, cuda_scope *scope,
                                           live_allocation *record, cudaStream_t stream) {
    uint64_t bytes = record->facts.charged_bytes;
    cudaError_t code =
        rein_i_cuda_scope_note(scope, cudaMallocFromPoolAsync(&record->facts.pointer, (size_t)bytes,
                                                              pool->driver_pool, stream));
    return code == cudaSuccess
               ? rein_done()
               : allocation_failure(pool, code, REIN_HERE,
                                    "cudaMallocFromPoolAsync of {bytes}" ON_DEVICE_FAILED, bytes);
}

static rein_result_void allocate_plain(rein_cuda_memory_pool *pool, cuda_scope *scope,
                                       live_allocation *record) {
    uint64_t bytes = record->facts.charged_bytes;
    cudaError_t code =
        rein_i_cuda_scope_note(scope, cudaMalloc(&record->facts.pointer, (size_t)bytes));
    return code == cudaSuccess
               ? rein_done()
               : allocation_failure(pool, code, REIN_HERE, "cudaMalloc of {bytes}" ON_DEVICE_FAILED,
                                    bytes);
}

typedef struct allocation_kind {
    bool is_ordered; /* in the order of `stream` */
    cudaStream_t stream;
} allocation_kind;

/* Sets the record's pointer, and `out_is_live` to whether the device holds the memory. */
static rein_result_void allocate_in_scope(rein_cuda_memory_pool *pool, cuda_scope *scope,
                                          live_allocation *record, allocation_kind kind,
                                          bool *out_is_live) {
    if (pool->driver_pool == NULL) {
        rein_result_void plain = allocate_plain(pool, scope, record);
        *out_is_live = plain.is_ok;
        return plain;
    }
    if (kind.is_ordered) {
        REIN_TRY(rein_result_void, rein_i_cuda_refuse_capture(scope, kind.stream, REIN_HERE));
    }
    rein_result_void allocated = allocate_from_pool(pool, scope, record, kind.stream);
    REIN_TRY(rein_result_void, allocated);
    *out_is_live = true;
    return kind.is_ordered ? allocated : wait_for_allocation(pool, scope, record, out_is_live);
}

static rein_result_void allocate_on_device(rein_cuda_memory_pool *pool, live_allocation *record,
                                           allocation_kind kind, bool *out_is_live) {
    cuda_scope scope;
    REIN_TRY(rein_result_void,
             rein_i_cuda_scope_enter(&scope, &pool->binding, CUDA_INTENT_ACQUIRES));
    rein_result_void allocated = allocate_in_scope(pool, &scope, record, kind, out_is_live);
    rein_i_cuda_scope_leave(&scope);
    return allocated;
}

/* Allocates after the ledger has granted the charge. */
static rein_result_cuda_allocation allocate_charged(rein_cuda_memory_pool *pool, uint64_t bytes,
                                                    rein_ledger_verdict verdict,
                                                    allocation_kind kind) {
    uint64_t charge = verdict.requested;
    live_allocation *record = take_record(pool);
    if (record == NULL) {
        rein_i_memory_pool_release_charge(pool, charge);
        return rein_result_cuda_allocation_fail(host_memory_error(REIN_HERE));
    }
    record->facts = (rein_cuda_live_allocation){.requested_bytes = bytes, .charged_bytes = charge};
    bool is_live = false;
    rein_result_void allocated = allocate_on_device(pool, record, kind, &is_live);
    void *pointer = record->facts.pointer;
    if (is_live) {
        insert_live(pool, record);
    } else {
        rein_i_memory_pool_keep_spare(pool, record);
        rein_i_memory_pool_release_charge(pool, charge);
    }
    REIN_TRY(rein_result_cuda_allocation, allocated);
    return rein_result_cuda_allocation_ok(
        (rein_cuda_allocation){.pointer = pointer, .verdict = verdict});
}

static uint64_t draining_now(rein_cuda_memory_pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    uint64_t bytes = pool->draining_bytes;
    pthread_mutex_unlock(&pool->mutex);
    return bytes;
}

static rein_result_cuda_allocation allocate(rein_cuda_memory_pool *pool, uint64_t bytes,
                                            allocation_kind kind) {
    REIN_TRY(rein_result_cuda_allocation, rein_i_cuda_binding_check(&pool->binding));
    REIN_TRY(rein_result_cuda_allocation, rein_i_memory_pool_refuse_closed(pool));
    if (kind.is_ordered && pool->driver_pool == NULL) {
        return rein_result_cuda_allocation_fail(
            rein_i_memory_pool_unordered_error(pool, REIN_HERE));
    }
    if (bytes == 0) {
        return rein_result_cuda_allocation_fail(
            rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE, "bytes is 0" MUST_BE_POSITIVE));
    }
    uint64_t charge =
        REIN_TRY(rein_result_cuda_allocation, rein_bytes_round_up(bytes, pool->granularity_bytes));
    rein_ledger_verdict verdict = rein_ledger_charge_memory(pool->ledger, charge);
    if (!verdict.is_granted) {
        return rein_result_cuda_allocation_ok(
            (rein_cuda_allocation){.verdict = verdict, .draining_bytes = draining_now(pool)});
    }
    return allocate_charged(pool, bytes, verdict, kind);
}

rein_result_cuda_allocation rein_cuda_memory_allocate(rein_cuda_memory_pool *pool, uint64_t bytes) {
    REIN_TRY(rein_result_cuda_allocation,
             rein_i_cuda_refuse_null(pool, REIN_HERE, "the pool" MUST_NOT_BE_NULL));
    return allocate(pool, bytes, (allocation_kind){.stream = pool->stream});
}

rein_error rein_i_memory_pool_unordered_error(const rein_cuda_memory_pool *pool,
                                              rein_source_location where) {
    rein_error error = rein_error_make(
        REIN_ERROR_UNSUPPORTED, where,
        "device {u} has no memory pools: memory cannot be allocated or freed in stream order");
    return rein_error_with_numbers(error, (uint64_t)pool->binding.device, 0, 0);
}

rein_result_cuda_allocation rein_cuda_memory_allocate_async(rein_cuda_memory_pool *pool,
                                                            uint64_t bytes,
                                                            struct CUstream_st *stream) {
    REIN_TRY(rein_result_cuda_allocation,
             rein_i_cuda_refuse_null(pool, REIN_HERE, "the pool" MUST_NOT_BE_NULL));
    return allocate(pool, bytes, (allocation_kind){.is_ordered = true, .stream = stream});
}
