#include "mocks/simulated_cudart/simulated_state.h"

static uint64_t charge_unit(const device_state *device) {
    return device->facts.profile.allocation_granularity_bytes.value;
}

cudaError_t cudaMalloc(void **devPtr, size_t size) {
    cudaError_t code = simulated_enter("cudaMalloc");
    device_state *device = NULL;
    if (code == cudaSuccess) {
        code = simulated_context(&device);
    }
    if (code == cudaSuccess) {
        code = simulated_may_create();
    }
    if (code == cudaSuccess) {
        uint64_t bytes = simulated_round_up(size, device->facts.malloc_granularity_bytes);
        if (bytes > simulated_device_free(device)) {
            code = cudaErrorMemoryAllocation;
        } else {
            object *made = simulated_add_allocation(simulated_thread()->device, bytes);
            device->taken_bytes += bytes;
            *devPtr = (void *)made->handle;
        }
    }
    return simulated_leave(code);
}

cudaError_t cudaFree(void *devPtr) {
    cudaError_t code = simulated_enter("cudaFree");
    device_state *device = NULL;
    if (code == cudaSuccess) {
        code = simulated_context(&device);
    }
    if (code == cudaSuccess) {
        object *found = simulated_find(devPtr, OBJECT_ALLOCATION);
        if (found == NULL || found->pool != NULL) {
            code = cudaErrorInvalidValue;
        } else {
            simulation.devices[found->device].taken_bytes -= found->bytes;
            simulated_remove(found);
        }
    }
    return simulated_leave(code);
}

static uint64_t cap_of(const simulated_device *facts, uint64_t max_size) {
    switch (facts->cap_rule) {
    case SIMULATED_CAP_BINDS:
        return max_size;
    case SIMULATED_CAP_ROUNDS_UP:
        return simulated_round_up(max_size, facts->pool_growth_bytes);
    case SIMULATED_CAP_IS_IGNORED:
    default:
        return 0;
    }
}

cudaError_t cudaMemPoolCreate(cudaMemPool_t *memPool, const struct cudaMemPoolProps *poolProps) {
    cudaError_t code = simulated_enter("cudaMemPoolCreate");
    device_state *device = NULL;
    if (code == cudaSuccess) {
        code = simulated_context(&device);
    }
    if (code == cudaSuccess) {
        code = simulated_may_create();
    }
    if (code == cudaSuccess) {
        object *made = simulated_add(OBJECT_POOL, poolProps->location.id);
        made->cap_bytes = cap_of(&simulation.devices[made->device].facts, poolProps->maxSize);
        *memPool = (cudaMemPool_t)(void *)made;
    }
    return simulated_leave(code);
}

static bool has_allocations(const object *pool) {
    for (object *each = simulation.objects; each != NULL; each = each->next) {
        if (each->kind == OBJECT_ALLOCATION && each->pool == pool) {
            return true;
        }
    }
    return false;
}

/* Shrinks a pool to the memory that its allocations need, or to `kept_bytes` if that is more. */
static void shrink(object *pool, uint64_t kept_bytes) {
    device_state *device = &simulation.devices[pool->device];
    uint64_t needed = simulated_round_up(pool->placed_bytes, device->facts.pool_growth_bytes);
    needed = needed > kept_bytes ? needed : kept_bytes;
    if (needed < pool->reserved_bytes) {
        device->taken_bytes -= pool->reserved_bytes - needed;
        pool->reserved_bytes = needed;
    }
}

cudaError_t cudaMemPoolDestroy(cudaMemPool_t memPool) {
    cudaError_t code = simulated_enter("cudaMemPoolDestroy");
    device_state *device = NULL;
    if (code == cudaSuccess) {
        code = simulated_context(&device);
    }
    if (code == cudaSuccess) {
        object *pool = simulated_find((void *)memPool, OBJECT_POOL);
        if (pool == NULL) {
            code = cudaErrorInvalidValue;
        } else if (has_allocations(pool)) {
            pool->is_destroyed = true;
        } else {
            shrink(pool, 0);
            simulated_remove(pool);
        }
    }
    return simulated_leave(code);
}

static uint64_t *attribute_of(object *pool, enum cudaMemPoolAttr attr) {
    switch ((int)attr) {
    case cudaMemPoolAttrReservedMemCurrent:
        return &pool->reserved_bytes;
    case cudaMemPoolAttrReservedMemHigh:
        return &pool->reserved_high_bytes;
    case cudaMemPoolAttrUsedMemCurrent:
        return &pool->used_bytes;
    case cudaMemPoolAttrUsedMemHigh:
        return &pool->used_high_bytes;
    default:
        return NULL;
    }
}

cudaError_t cudaMemPoolGetAttribute(cudaMemPool_t memPool, enum cudaMemPoolAttr attr, void *value) {
    cudaError_t code = simulated_enter("cudaMemPoolGetAttribute");
    device_state *device = NULL;
    if (code == cudaSuccess) {
        code = simulated_context(&device);
    }
    if (code == cudaSuccess) {
        object *pool = simulated_find((void *)memPool, OBJECT_POOL);
        uint64_t *found = pool == NULL ? NULL : attribute_of(pool, attr);
        if (found == NULL) {
            code = cudaErrorInvalidValue;
        } else {
            *(uint64_t *)value = *found;
        }
    }
    return simulated_leave(code);
}

cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t memPool, enum cudaMemPoolAttr attr, void *value) {
    cudaError_t code = simulated_enter("cudaMemPoolSetAttribute");
    device_state *device = NULL;
    if (code == cudaSuccess) {
        code = simulated_context(&device);
    }
    if (code == cudaSuccess) {
        bool is_high = attr == cudaMemPoolAttrReservedMemHigh || attr == cudaMemPoolAttrUsedMemHigh;
        object *pool = simulated_find((void *)memPool, OBJECT_POOL);
        if (pool != NULL && attr == cudaMemPoolAttrReleaseThreshold) {
            pool->threshold_bytes = *(const uint64_t *)value;
        } else if (pool == NULL || !is_high || *(const uint64_t *)value != 0) {
            code = cudaErrorInvalidValue;
        } else {
            *attribute_of(pool, attr) =
                attr == cudaMemPoolAttrUsedMemHigh ? pool->used_bytes : pool->reserved_bytes;
        }
    }
    return simulated_leave(code);
}

/* Reserves room for `bytes` more; grows the pool if necessary. */
static cudaError_t make_room(object *pool, uint64_t bytes) {
    device_state *device = &simulation.devices[pool->device];
    if (bytes > UINT64_MAX - pool->placed_bytes) {
        return cudaErrorMemoryAllocation;
    }
    uint64_t needed = pool->placed_bytes + bytes;
    if (needed <= pool->reserved_bytes) {
        return cudaSuccess;
    }
    uint64_t reserved = simulated_round_up(needed, device->facts.pool_growth_bytes);
    if (pool->cap_bytes != 0 && reserved > pool->cap_bytes) {
        reserved = pool->cap_bytes;
    }
    if (needed > reserved || reserved - pool->reserved_bytes > simulated_device_free(device)) {
        return cudaErrorMemoryAllocation;
    }
    device->taken_bytes += reserved - pool->reserved_bytes;
    pool->reserved_bytes = reserved;
    if (reserved > pool->reserved_high_bytes) {
        pool->reserved_high_bytes = reserved;
    }
    return cudaSuccess;
}

static cudaError_t allocate(object *pool, uint64_t size, void **out_pointer) {
    uint64_t bytes = simulated_round_up(size, charge_unit(&simulation.devices[pool->device]));
    cudaError_t code = make_room(pool, bytes);
    if (code != cudaSuccess) {
        return code;
    }
    object *made = simulated_add_allocation(pool->device, bytes);
    made->pool = pool;
    made->requested_bytes = size;
    pool->placed_bytes += bytes;
    pool->used_bytes += size;
    if (pool->used_bytes > pool->used_high_bytes) {
        pool->used_high_bytes = pool->used_bytes;
    }
    *out_pointer = (void *)made->handle;
    return cudaSuccess;
}

cudaError_t cudaMallocFromPoolAsync(void **ptr, size_t size, cudaMemPool_t memPool,
                                    cudaStream_t stream) {
    cudaError_t code = simulated_enter("cudaMallocFromPoolAsync");
    device_state *device = NULL;
    if (code == cudaSuccess) {
        code = simulated_context(&device);
    }
    if (code == cudaSuccess) {
        object *pool = simulated_find((void *)memPool, OBJECT_POOL);
        bool is_stream = stream == NULL || simulated_find((void *)stream, OBJECT_STREAM) != NULL;
        code = pool == NULL || !is_stream ? cudaErrorInvalidValue : allocate(pool, size, ptr);
    }
    return simulated_leave(code);
}

static void free_now(object *allocation) {
    object *pool = allocation->pool;
    pool->placed_bytes -= allocation->bytes;
    pool->used_bytes -= allocation->requested_bytes;
    simulated_remove(allocation);
    if (pool->is_destroyed && !has_allocations(pool)) {
        shrink(pool, 0);
        simulated_remove(pool);
    }
}

static object *find_settled(void) {
    for (object *each = simulation.objects; each != NULL; each = each->next) {
        if (each->kind == OBJECT_ALLOCATION && each->is_freed &&
            each->ready_ns <= simulation.now_ns) {
            return each;
        }
    }
    return NULL;
}

void simulated_shrink_pools(void) {
    for (object *each = simulation.objects; each != NULL; each = each->next) {
        if (each->kind == OBJECT_POOL && !each->is_destroyed) {
            uint64_t unit = simulation.devices[each->device].facts.pool_growth_bytes;
            shrink(each, each->threshold_bytes / unit * unit);
        }
    }
}

cudaError_t cudaMemPoolTrimTo(cudaMemPool_t memPool, size_t minBytesToKeep) {
    cudaError_t code = simulated_enter("cudaMemPoolTrimTo");
    device_state *device = NULL;
    if (code == cudaSuccess) {
        code = simulated_context(&device);
    }
    if (code == cudaSuccess) {
        object *pool = simulated_find((void *)memPool, OBJECT_POOL);
        if (pool == NULL) {
            code = cudaErrorInvalidValue;
        } else {
            shrink(pool,
                   simulated_round_up(minBytesToKeep,
                                      simulation.devices[pool->device].facts.pool_growth_bytes));
        }
    }
    return simulated_leave(code);
}

void simulated_settle(void) {
    for (object *each = find_settled(); each != NULL; each = find_settled()) {
        free_now(each);
    }
}

cudaError_t cudaFreeAsync(void *devPtr, cudaStream_t hStream) {
    cudaError_t code = simulated_enter("cudaFreeAsync");
    device_state *device = NULL;
    if (code == cudaSuccess) {
        code = simulated_context(&device);
    }
    if (code == cudaSuccess) {
        object *found = simulated_find(devPtr, OBJECT_ALLOCATION);
        object *stream = simulated_find((void *)hStream, OBJECT_STREAM);
        if (found == NULL || found->pool == NULL || found->is_freed ||
            (hStream != NULL && stream == NULL)) {
            code = cudaErrorInvalidValue;
        } else {
            found->is_freed = true;
            found->ready_ns = stream == NULL ? simulation.now_ns : stream->ready_ns;
            simulated_settle();
        }
    }
    return simulated_leave(code);
}
