#include "cuda/memory_pool.h"

#include <stdlib.h>

#include "cuda/failure.h"
#include "cuda/granularity.h"
#include "cuda/memory_pool_internal.h"

static rein_result_void validate_options(const rein_cuda_memory_pool_options *options) {
    if (options == NULL || options->ledger == NULL) {
        return rein_result_void_fail(
            rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                            "the options and their ledger" MUST_NOT_BE_NULL));
    }
    if (options->granularity_bytes.is_known && options->granularity_bytes.value == 0) {
        return rein_result_void_fail(
            rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                            "granularity_bytes is known to be 0" MUST_BE_POSITIVE " or unknown"));
    }
    return rein_done();
}

static rein_result_void create_driver_pool(rein_cuda_memory_pool *pool, cuda_scope *scope,
                                           const rein_cuda_memory_pool_options *options) {
    int has_pools = 0;
    rein_result_void queried = rein_i_cuda_check(
        rein_i_cuda_scope_note(scope,
                               cudaDeviceGetAttribute(&has_pools, cudaDevAttrMemoryPoolsSupported,
                                                      pool->binding.device)),
        REIN_HERE, "cudaDeviceGetAttribute (memory pools)" ON_DEVICE_FAILED,
        (uint64_t)pool->binding.device, 0);
    if (!queried.is_ok || has_pools == 0) {
        return queried;
    }
    REIN_TRY(
        rein_result_void,
        rein_i_cuda_check(rein_i_cuda_scope_note(scope, cudaStreamCreateWithFlags(
                                                            &pool->stream, cudaStreamNonBlocking)),
                          REIN_HERE, "cudaStreamCreateWithFlags" ON_DEVICE_FAILED,
                          (uint64_t)pool->binding.device, 0));
    uint64_t cap =
        options->has_no_driver_cap ? 0 : rein_ledger_budget(options->ledger).memory_limit_bytes;
    return rein_i_cuda_check(
        rein_i_cuda_driver_pool_create(scope, cap, &pool->driver_pool, &pool->has_driver_cap),
        REIN_HERE, "cudaMemPoolCreate" ON_DEVICE_FAILED, (uint64_t)pool->binding.device, 0);
}

static rein_result_void find_granularity(rein_cuda_memory_pool *pool, cuda_scope *scope,
                                         rein_fact_u64 given) {
    if (given.is_known) {
        pool->granularity_bytes = given.value;
        return rein_done();
    }
    rein_cuda_granularity observed = {.charge_bytes = 0};
    cudaError_t code =
        pool->driver_pool != NULL
            ? rein_i_cuda_observe_pool(scope, pool->driver_pool, pool->stream, &observed)
            : rein_i_cuda_observe_malloc(scope, &observed);
    if (code == cudaSuccess && observed.charge_bytes == 0) {
        rein_error error = rein_error_make(REIN_ERROR_UNSUPPORTED, REIN_HERE,
                                           "the granularity of device {u} cannot be observed; "
                                           "state granularity_bytes in the options");
        return rein_result_void_fail(
            rein_error_with_numbers(error, (uint64_t)pool->binding.device, 0, 0));
    }
    pool->granularity_bytes = observed.charge_bytes;
    return rein_i_cuda_check(code, REIN_HERE, OBSERVING_FAILED, (uint64_t)pool->binding.device, 0);
}

/* Called last, so that the memory of the observation is not kept. A threshold below one growth step
 * would keep nothing, so a value at or above the limit means to keep everything. */
static rein_result_void keep_unused(rein_cuda_memory_pool *pool, cuda_scope *scope,
                                    uint64_t kept_bytes) {
    if (kept_bytes == 0 || pool->driver_pool == NULL) {
        return rein_done();
    }
    if (kept_bytes >= rein_ledger_budget(pool->ledger).memory_limit_bytes) {
        kept_bytes = UINT64_MAX;
    }
    cudaError_t code = rein_i_cuda_scope_note(
        scope,
        cudaMemPoolSetAttribute(pool->driver_pool, cudaMemPoolAttrReleaseThreshold, &kept_bytes));
    return rein_i_cuda_check(code, REIN_HERE,
                             "cudaMemPoolSetAttribute (release threshold)" ON_DEVICE_FAILED,
                             (uint64_t)pool->binding.device, 0);
}

static rein_result_void destroy_events(rein_cuda_memory_pool *pool, cuda_scope *scope,
                                       live_allocation *first) {
    for (live_allocation *each = first; each != NULL; each = each->next) {
        if (each->freed == NULL) {
            continue;
        }
        REIN_TRY(rein_result_void,
                 rein_i_cuda_check(rein_i_cuda_scope_note(scope, cudaEventDestroy(each->freed)),
                                   REIN_HERE, "cudaEventDestroy" ON_DEVICE_FAILED,
                                   (uint64_t)pool->binding.device, 0));
        each->freed = NULL;
    }
    return rein_done();
}

/* Frees one at a time, so that a later attempt continues after the last success. */
static rein_result_void free_live(rein_cuda_memory_pool *pool, cuda_scope *scope) {
    for (live_allocation *each = rein_i_live_table_any(&pool->live); each != NULL;
         each = rein_i_live_table_any(&pool->live)) {
        REIN_TRY(rein_result_void, rein_i_memory_pool_free_now(pool, scope, each));
        uint64_t charged = each->facts.charged_bytes;
        rein_i_memory_pool_keep_spare(pool,
                                      rein_i_live_table_remove(&pool->live, each->facts.pointer));
        rein_i_memory_pool_release_charge(pool, charged);
    }
    return rein_done();
}

static rein_result_void destroy_driver_pool(rein_cuda_memory_pool *pool, cuda_scope *scope) {
    if (pool->driver_pool != NULL) {
        REIN_TRY(
            rein_result_void,
            rein_i_cuda_check(rein_i_cuda_scope_note(scope, cudaMemPoolDestroy(pool->driver_pool)),
                              REIN_HERE, "cudaMemPoolDestroy" ON_DEVICE_FAILED,
                              (uint64_t)pool->binding.device, 0));
        pool->driver_pool = NULL;
    }
    if (pool->stream != NULL) {
        REIN_TRY(rein_result_void,
                 rein_i_cuda_check(rein_i_cuda_scope_note(scope, cudaStreamDestroy(pool->stream)),
                                   REIN_HERE, "cudaStreamDestroy" ON_DEVICE_FAILED,
                                   (uint64_t)pool->binding.device, 0));
        pool->stream = NULL;
    }
    return rein_done();
}

static rein_result_void release_in_scope(rein_cuda_memory_pool *pool, cuda_scope *scope) {
    REIN_TRY(rein_result_void, free_live(pool, scope));
    REIN_TRY(rein_result_void, destroy_events(pool, scope, pool->draining_first));
    REIN_TRY(rein_result_void, destroy_events(pool, scope, pool->spare));
    return destroy_driver_pool(pool, scope);
}

static rein_result_void release_on_device(rein_cuda_memory_pool *pool) {
    cuda_scope scope;
    REIN_TRY(rein_result_void,
             rein_i_cuda_scope_enter(&scope, &pool->binding, CUDA_INTENT_RELEASES));
    rein_result_void released = release_in_scope(pool, &scope);
    rein_i_cuda_scope_leave(&scope);
    return released;
}

static void free_records(live_allocation *first) {
    while (first != NULL) {
        live_allocation *next = first->next;
        free(first);
        first = next;
    }
}

static void release_records(rein_cuda_memory_pool *pool) {
    for (live_allocation *each = rein_i_live_table_any(&pool->live); each != NULL;
         each = rein_i_live_table_any(&pool->live)) {
        free(rein_i_live_table_remove(&pool->live, each->facts.pointer));
    }
    free_records(pool->draining_first);
    free_records(pool->spare);
    rein_i_live_table_deinit(&pool->live);
}

/* The device memory is freed, or was lost with its context. */
static void release_host(rein_cuda_memory_pool *pool) {
    rein_i_memory_pool_release_charge(pool, pool->live.charged_bytes + pool->draining_bytes);
    release_records(pool);
    pthread_mutex_destroy(&pool->mutex);
    free(pool);
}

/* The charges belong to the parent, whose ledger may be in shared memory. If a thread of the parent
 * held the lock at fork, the lists may be inconsistent and must not be followed: that thread does
 * not exist in the child. */
static void release_in_child(rein_cuda_memory_pool *pool) {
    if (pthread_mutex_trylock(&pool->mutex) == 0) {
        release_records(pool);
        free(pool);
    }
}

rein_result_void rein_cuda_memory_pool_destroy(rein_cuda_memory_pool *pool) {
    if (pool == NULL) {
        return rein_done();
    }
    if (rein_i_cuda_is_forked_child()) {
        release_in_child(pool);
        return rein_done();
    }
    if (!rein_i_cuda_binding_is_lost(&pool->binding)) {
        __atomic_store_n(&pool->is_closed, true, __ATOMIC_RELAXED);
        rein_result_void released = release_on_device(pool);
        if (!released.is_ok && !rein_i_cuda_binding_is_lost(&pool->binding)) {
            return released;
        }
    }
    release_host(pool);
    return rein_done();
}

static rein_cuda_memory_pool *new_pool(const rein_cuda_memory_pool_options *options) {
    rein_cuda_memory_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        return NULL;
    }
    if (!rein_i_live_table_init(&pool->live)) {
        free(pool);
        return NULL;
    }
    pool->binding.device = options->device;
    pool->ledger = options->ledger;
    pthread_mutex_init(&pool->mutex, NULL);
    return pool;
}

static rein_result_void set_up(rein_cuda_memory_pool *pool,
                               const rein_cuda_memory_pool_options *options) {
    cuda_scope scope;
    REIN_TRY(rein_result_void,
             rein_i_cuda_scope_enter(&scope, &pool->binding, CUDA_INTENT_ACQUIRES));
    rein_result_void created = create_driver_pool(pool, &scope, options);
    if (created.is_ok) {
        created = find_granularity(pool, &scope, options->granularity_bytes);
    }
    if (created.is_ok) {
        created = keep_unused(pool, &scope, options->kept_bytes);
    }
    if (!created.is_ok) {
        (void)destroy_driver_pool(pool, &scope);
    }
    rein_i_cuda_scope_leave(&scope);
    return created;
}

rein_result_cuda_memory_pool
rein_cuda_memory_pool_create(const rein_cuda_memory_pool_options *options) {
    REIN_TRY(rein_result_cuda_memory_pool, validate_options(options));
    rein_cuda_memory_pool *pool = new_pool(options);
    if (pool == NULL) {
        return rein_result_cuda_memory_pool_fail(rein_error_make(
            REIN_ERROR_OUT_OF_MEMORY, REIN_HERE, HOST_IS_OUT_OF_MEMORY "create a memory pool"));
    }
    rein_result_void ready = set_up(pool, options);
    if (!ready.is_ok) {
        release_host(pool);
        return rein_result_cuda_memory_pool_fail(REIN_ERROR(ready));
    }
    return rein_result_cuda_memory_pool_ok(pool);
}
