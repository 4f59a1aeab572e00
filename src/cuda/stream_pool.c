#include "cuda/stream_pool.h"

#include <pthread.h>
#include <stdlib.h>

#include "cuda/failure.h"
#include "cuda/scope.h"

enum { POLL_INTERVAL_NS = 100000 };

typedef enum slot_state {
    SLOT_IDLE,
    SLOT_LEASED,
    SLOT_RETURNING, /* leased, and a thread queries the device before releasing it */
    SLOT_DRAINING,  /* released, its work may still run; holds its unit of the ledger */
    SLOT_GONE       /* destroyed by a destruction that failed at a later stream */
} slot_state;

typedef struct stream_slot {
    cudaStream_t stream;
    rein_cuda_priority priority;
    slot_state state;
    uint64_t generation; /* number of leases so far */
} stream_slot;

struct rein_cuda_stream_pool {
    cuda_binding binding;
    rein_ledger *ledger;
    bool has_priorities;
    pthread_mutex_t mutex; /* guards the members below */
    bool is_closed;        /* a destruction has begun */
    uint32_t slot_count;
    stream_slot slots[];
};

static uint64_t count_streams(const rein_cuda_stream_pool_options *options) {
    uint64_t count = 0;
    for (int i = 0; i < REIN_CUDA_PRIORITY_COUNT; i++) {
        count += options->counts[i];
    }
    return count;
}

static rein_result_void validate_options(const rein_cuda_stream_pool_options *options) {
    if (options == NULL || options->ledger == NULL) {
        return rein_result_void_fail(
            rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                            "the options and their ledger" MUST_NOT_BE_NULL));
    }
    uint64_t limit = (uint64_t)rein_ledger_budget(options->ledger).stream_limit;
    uint64_t count = count_streams(options);
    if (count == 0 || count > limit) {
        rein_error error =
            rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                            "{u} streams were requested; the stream limit allows 1 to {u}");
        return rein_result_void_fail(rein_error_with_numbers(error, count, limit, 0));
    }
    return rein_done();
}

/* Lower numbers have precedence; a range of 0 to 0 means that the device has no priorities. */
static int priority_number(rein_cuda_priority priority, int least, int greatest) {
    switch (priority) {
    case REIN_CUDA_PRIORITY_LOW:
        return least;
    case REIN_CUDA_PRIORITY_HIGH:
        return greatest;
    case REIN_CUDA_PRIORITY_NORMAL:
    default:
        return (least + greatest) / 2;
    }
}

static rein_result_void create_streams(rein_cuda_stream_pool *pool, cuda_scope *scope,
                                       const rein_cuda_stream_pool_options *options) {
    int least = 0;
    int greatest = 0;
    REIN_TRY(rein_result_void,
             rein_i_cuda_check(
                 rein_i_cuda_scope_note(scope, cudaDeviceGetStreamPriorityRange(&least, &greatest)),
                 REIN_HERE, "cudaDeviceGetStreamPriorityRange" ON_DEVICE_FAILED,
                 (uint64_t)pool->binding.device, 0));
    pool->has_priorities = least != greatest;
    for (int i = 0; i < REIN_CUDA_PRIORITY_COUNT; i++) {
        rein_cuda_priority priority = (rein_cuda_priority)i;
        for (uint32_t j = 0; j < options->counts[i]; j++) {
            stream_slot *slot = &pool->slots[pool->slot_count];
            slot->priority = priority;
            cudaError_t code = cudaStreamCreateWithPriority(
                &slot->stream, cudaStreamNonBlocking, priority_number(priority, least, greatest));
            REIN_TRY(rein_result_void,
                     rein_i_cuda_check(rein_i_cuda_scope_note(scope, code), REIN_HERE,
                                       "cudaStreamCreateWithPriority" ON_DEVICE_FAILED,
                                       (uint64_t)pool->binding.device, 0));
            pool->slot_count++;
        }
    }
    return rein_done();
}

static void release_unit(rein_cuda_stream_pool *pool) {
    REIN_IGNORE(rein_ledger_release_stream(pool->ledger));
}

static bool is_leased(const stream_slot *slot) {
    return slot->state == SLOT_LEASED || slot->state == SLOT_RETURNING;
}

static bool holds_unit(const stream_slot *slot) {
    return is_leased(slot) || slot->state == SLOT_DRAINING;
}

static void retire(rein_cuda_stream_pool *pool, stream_slot *slot) {
    if (holds_unit(slot)) {
        release_unit(pool);
    }
    slot->state = SLOT_GONE;
}

/* Destroys one at a time, so that a later attempt continues after the last success. */
static rein_result_void destroy_streams(rein_cuda_stream_pool *pool, cuda_scope *scope) {
    for (uint32_t i = 0; i < pool->slot_count; i++) {
        stream_slot *slot = &pool->slots[i];
        if (slot->state == SLOT_GONE) {
            continue;
        }
        REIN_TRY(rein_result_void,
                 rein_i_cuda_check(rein_i_cuda_scope_note(scope, cudaStreamDestroy(slot->stream)),
                                   REIN_HERE, "cudaStreamDestroy" ON_DEVICE_FAILED,
                                   (uint64_t)pool->binding.device, 0));
        retire(pool, slot);
    }
    return rein_done();
}

static rein_result_void set_up(rein_cuda_stream_pool *pool,
                               const rein_cuda_stream_pool_options *options) {
    cuda_scope scope;
    REIN_TRY(rein_result_void,
             rein_i_cuda_scope_enter(&scope, &pool->binding, CUDA_INTENT_ACQUIRES));
    rein_result_void created = create_streams(pool, &scope, options);
    if (!created.is_ok) {
        (void)destroy_streams(pool, &scope);
    }
    rein_i_cuda_scope_leave(&scope);
    return created;
}

/* The streams are destroyed, or were lost with their context. */
static void release_host(rein_cuda_stream_pool *pool) {
    for (uint32_t i = 0; i < pool->slot_count; i++) {
        retire(pool, &pool->slots[i]);
    }
    pthread_mutex_destroy(&pool->mutex);
    free(pool);
}

rein_result_cuda_stream_pool
rein_cuda_stream_pool_create(const rein_cuda_stream_pool_options *options) {
    REIN_TRY(rein_result_cuda_stream_pool, validate_options(options));
    rein_cuda_stream_pool *pool =
        calloc(1, sizeof *pool + (size_t)count_streams(options) * sizeof pool->slots[0]);
    if (pool == NULL) {
        return rein_result_cuda_stream_pool_fail(rein_error_make(
            REIN_ERROR_OUT_OF_MEMORY, REIN_HERE, HOST_IS_OUT_OF_MEMORY "create a stream pool"));
    }
    pool->binding.device = options->device;
    pool->ledger = options->ledger;
    pthread_mutex_init(&pool->mutex, NULL);
    rein_result_void ready = set_up(pool, options);
    if (!ready.is_ok) {
        release_host(pool);
        return rein_result_cuda_stream_pool_fail(REIN_ERROR(ready));
    }
    return rein_result_cuda_stream_pool_ok(pool);
}

static stream_slot *find_slot(rein_cuda_stream_pool *pool, rein_cuda_priority priority,
                              slot_state state) {
    for (uint32_t i = 0; i < pool->slot_count; i++) {
        stream_slot *slot = &pool->slots[i];
        if (slot->priority == priority && slot->state == state) {
            return slot;
        }
    }
    return NULL;
}

static uint64_t count_of(const rein_cuda_stream_pool *pool, rein_cuda_priority priority) {
    uint64_t count = 0;
    for (uint32_t i = 0; i < pool->slot_count; i++) {
        count += pool->slots[i].priority == priority;
    }
    return count;
}

static rein_cuda_stream_lease refuse(const rein_cuda_stream_pool *pool,
                                     rein_cuda_priority priority) {
    uint64_t count = count_of(pool, priority);
    return (rein_cuda_stream_lease){.verdict = {.resource = REIN_RESOURCE_STREAMS,
                                                .requested = 1,
                                                .limit = count,
                                                .used = count,
                                                .shortfall = 1}};
}

static rein_cuda_stream_lease lease(rein_cuda_stream_pool *pool, stream_slot *slot) {
    rein_ledger_verdict verdict = rein_ledger_acquire_stream(pool->ledger);
    if (!verdict.is_granted) {
        return (rein_cuda_stream_lease){.verdict = verdict};
    }
    slot->state = SLOT_LEASED;
    slot->generation++;
    return (rein_cuda_stream_lease){.stream = slot->stream,
                                    .verdict = verdict,
                                    .slot = (uint32_t)(slot - pool->slots),
                                    .generation = slot->generation};
}

/* Marks released streams idle if their work has ended: of every priority, because each holds a unit
 * of the ledger. */
static rein_result_void poll_draining(rein_cuda_stream_pool *pool, cuda_scope *scope) {
    for (uint32_t i = 0; i < pool->slot_count; i++) {
        stream_slot *slot = &pool->slots[i];
        if (slot->state != SLOT_DRAINING) {
            continue;
        }
        cudaError_t code = rein_i_cuda_scope_note(scope, cudaStreamQuery(slot->stream));
        if (code == cudaSuccess) {
            slot->state = SLOT_IDLE;
            release_unit(pool);
        } else if (code != cudaErrorNotReady) {
            return rein_i_cuda_check(code, REIN_HERE, "cudaStreamQuery" ON_DEVICE_FAILED,
                                     (uint64_t)pool->binding.device, 0);
        }
    }
    return rein_done();
}

static rein_result_void poll_on_device(rein_cuda_stream_pool *pool) {
    cuda_scope scope;
    REIN_TRY(rein_result_void,
             rein_i_cuda_scope_enter(&scope, &pool->binding, CUDA_INTENT_ACQUIRES));
    rein_result_void polled = poll_draining(pool, &scope);
    rein_i_cuda_scope_leave(&scope);
    return polled;
}

/* Returns whether released streams prevent a lease. Either no stream of this priority is idle and
 * at least one drains, or the ledger has no unit left while a stream of any priority drains. */
static bool is_held_up(rein_cuda_stream_pool *pool, rein_cuda_priority priority) {
    if (find_slot(pool, priority, SLOT_IDLE) == NULL) {
        return find_slot(pool, priority, SLOT_DRAINING) != NULL;
    }
    rein_resource_usage usage = rein_ledger_read(pool->ledger).streams;
    bool is_draining = false;
    for (uint32_t i = 0; i < pool->slot_count; i++) {
        is_draining |= pool->slots[i].state == SLOT_DRAINING;
    }
    return is_draining && usage.used >= usage.limit;
}

static rein_result_cuda_stream_lease acquire_locked(rein_cuda_stream_pool *pool,
                                                    rein_cuda_priority priority) {
    if (pool->is_closed) {
        return rein_result_cuda_stream_lease_ok(refuse(pool, priority));
    }
    if (is_held_up(pool, priority)) {
        REIN_TRY(rein_result_cuda_stream_lease, poll_on_device(pool));
    }
    stream_slot *slot = find_slot(pool, priority, SLOT_IDLE);
    return rein_result_cuda_stream_lease_ok(slot != NULL ? lease(pool, slot)
                                                         : refuse(pool, priority));
}

rein_result_cuda_stream_lease rein_cuda_stream_try_acquire(rein_cuda_stream_pool *pool,
                                                           rein_cuda_priority priority) {
    REIN_TRY(rein_result_cuda_stream_lease,
             rein_i_cuda_refuse_null(pool, REIN_HERE, "the pool" MUST_NOT_BE_NULL));
    REIN_TRY(rein_result_cuda_stream_lease, rein_i_cuda_binding_check(&pool->binding));
    if ((int)priority < 0 || (int)priority >= REIN_CUDA_PRIORITY_COUNT) {
        rein_error error = rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                                           "the priority is {i}" MUST_BE_FROM_0_TO);
        return rein_result_cuda_stream_lease_fail(rein_error_with_numbers(
            error, (uint64_t)(int64_t)priority, REIN_CUDA_PRIORITY_COUNT - 1, 0));
    }
    pthread_mutex_lock(&pool->mutex);
    rein_result_cuda_stream_lease result = acquire_locked(pool, priority);
    pthread_mutex_unlock(&pool->mutex);
    return result;
}

static rein_timestamp earlier(rein_timestamp left, rein_timestamp right) {
    return rein_timestamp_compare(left, right) <= 0 ? left : right;
}

rein_result_cuda_stream_lease rein_cuda_stream_acquire_until(rein_cuda_stream_pool *pool,
                                                             rein_cuda_priority priority,
                                                             const rein_clock *clock,
                                                             rein_timestamp deadline) {
    REIN_TRY(rein_result_cuda_stream_lease,
             rein_i_cuda_refuse_null(clock, REIN_HERE, "the clock" MUST_NOT_BE_NULL));
    for (;;) {
        rein_result_cuda_stream_lease result = rein_cuda_stream_try_acquire(pool, priority);
        rein_timestamp now = rein_clock_now(clock);
        if (!result.is_ok || REIN_VALUE(result).verdict.is_granted ||
            rein_timestamp_compare(now, deadline) >= 0) {
            return result;
        }
        rein_timestamp next =
            rein_timestamp_add_saturating(now, rein_duration_from_ns(POLL_INTERVAL_NS));
        rein_clock_sleep_until(clock, earlier(next, deadline));
    }
}

/* Does not query if that could overwrite the caller's pending error with "not ready". */
static bool is_idle(cuda_scope *scope, cudaStream_t stream) {
    return rein_i_cuda_scope_may_overwrite(scope) &&
           rein_i_cuda_scope_note(scope, cudaStreamQuery(stream)) == cudaSuccess;
}

/* Determines the state of a released stream. Runs without the mutex: the driver has its own locks,
 * and waiting for both is slow. */
static rein_result_void ask_device(rein_cuda_stream_pool *pool, cudaStream_t stream,
                                   slot_state *out_state) {
    cuda_scope scope;
    REIN_TRY(rein_result_void,
             rein_i_cuda_scope_enter(&scope, &pool->binding, CUDA_INTENT_RELEASES));
    rein_result_void capture = rein_i_cuda_refuse_capture(&scope, stream, REIN_HERE);
    if (capture.is_ok) {
        *out_state = is_idle(&scope, stream) ? SLOT_IDLE : SLOT_DRAINING;
    }
    rein_i_cuda_scope_leave(&scope);
    return capture;
}

/* Marks the lease as returning, so that no other thread can release it. */
static rein_result_void begin_return(rein_cuda_stream_pool *pool,
                                     const rein_cuda_stream_lease *lease, stream_slot **out_slot) {
    stream_slot *slot = lease->slot < pool->slot_count ? &pool->slots[lease->slot] : NULL;
    pthread_mutex_lock(&pool->mutex);
    bool is_held =
        slot != NULL && slot->state == SLOT_LEASED && slot->generation == lease->generation;
    if (is_held) {
        slot->state = SLOT_RETURNING;
    }
    pthread_mutex_unlock(&pool->mutex);
    if (!is_held) {
        rein_error error = rein_error_make(
            REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
            "lease {u} of stream {u} is not held: it was never granted, or was already given back");
        return rein_result_void_fail(
            rein_error_with_numbers(error, lease->generation, lease->slot, 0));
    }
    *out_slot = slot;
    return rein_done();
}

static void end_return(rein_cuda_stream_pool *pool, stream_slot *slot, slot_state state) {
    pthread_mutex_lock(&pool->mutex);
    slot->state = state;
    if (state == SLOT_IDLE) {
        release_unit(pool);
    }
    pthread_mutex_unlock(&pool->mutex);
}

rein_result_void rein_cuda_stream_release(rein_cuda_stream_pool *pool,
                                          const rein_cuda_stream_lease *lease) {
    REIN_TRY(rein_result_void,
             rein_i_cuda_refuse_null(pool, REIN_HERE, "the pool" MUST_NOT_BE_NULL));
    REIN_TRY(rein_result_void,
             rein_i_cuda_refuse_null(lease, REIN_HERE, "the lease" MUST_NOT_BE_NULL));
    REIN_TRY(rein_result_void, rein_i_cuda_refuse_forked_child());
    stream_slot *slot = NULL;
    REIN_TRY(rein_result_void, begin_return(pool, lease, &slot));
    slot_state state = SLOT_IDLE;
    rein_result_void queried = rein_i_cuda_binding_is_lost(&pool->binding)
                                   ? rein_done()
                                   : ask_device(pool, slot->stream, &state);
    end_return(pool, slot, queried.is_ok ? state : SLOT_LEASED);
    return queried;
}

rein_cuda_stream_usage rein_cuda_stream_pool_read(rein_cuda_stream_pool *pool) {
    if (pool == NULL || rein_i_cuda_is_forked_child()) {
        return (rein_cuda_stream_usage){.stream_count = 0};
    }
    rein_cuda_stream_usage usage = {.stream_count = pool->slot_count,
                                    .has_priorities = pool->has_priorities};
    pthread_mutex_lock(&pool->mutex);
    for (uint32_t i = 0; i < pool->slot_count; i++) {
        usage.leased_count += is_leased(&pool->slots[i]);
        usage.draining_count += pool->slots[i].state == SLOT_DRAINING;
    }
    pthread_mutex_unlock(&pool->mutex);
    return usage;
}

static rein_result_void refuse_leased(rein_cuda_stream_pool *pool) {
    uint32_t leased = rein_cuda_stream_pool_read(pool).leased_count;
    if (leased == 0) {
        return rein_done();
    }
    rein_error error =
        rein_error_make(REIN_ERROR_INVALID_STATE, REIN_HERE,
                        "{u} streams are leased; give them back before the pool is destroyed");
    return rein_result_void_fail(rein_error_with_numbers(error, leased, 0, 0));
}

static void close_pool(rein_cuda_stream_pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    pool->is_closed = true;
    pthread_mutex_unlock(&pool->mutex);
}

static rein_result_void destroy_on_device(rein_cuda_stream_pool *pool) {
    REIN_TRY(rein_result_void, refuse_leased(pool));
    close_pool(pool);
    cuda_scope scope;
    REIN_TRY(rein_result_void,
             rein_i_cuda_scope_enter(&scope, &pool->binding, CUDA_INTENT_RELEASES));
    rein_result_void destroyed = destroy_streams(pool, &scope);
    rein_i_cuda_scope_leave(&scope);
    return destroyed;
}

rein_result_void rein_cuda_stream_pool_destroy(rein_cuda_stream_pool *pool) {
    if (pool == NULL) {
        return rein_done();
    }
    if (rein_i_cuda_is_forked_child()) {
        free(pool); /* the units belong to the parent; its threads may have held the lock */
        return rein_done();
    }
    if (!rein_i_cuda_binding_is_lost(&pool->binding)) {
        rein_result_void destroyed = destroy_on_device(pool);
        if (!destroyed.is_ok && !rein_i_cuda_binding_is_lost(&pool->binding)) {
            return destroyed;
        }
    }
    release_host(pool);
    return rein_done();
}
