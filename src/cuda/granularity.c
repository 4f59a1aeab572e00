#include "cuda/granularity.h"

/* From this version on, cudaMemPoolProps has maxSize and drivers honour it. */
enum { MAX_SIZE_VERSION = 12020 };

/* Number of one-byte allocations. Their least distance is the size of each; the driver's count of
 * used bytes only shows the requested bytes. More than two, because a driver need not place them
 * side by side. */
enum { OBSERVED_COUNT = 4 };

static cudaError_t has_driver_cap(cuda_scope *scope, bool *out_has_cap) {
    int version = 0;
    cudaError_t code = rein_i_cuda_scope_note(scope, cudaDriverGetVersion(&version));
    *out_has_cap = CUDART_VERSION >= MAX_SIZE_VERSION && version >= MAX_SIZE_VERSION;
    return code;
}

static void set_cap(struct cudaMemPoolProps *properties, uint64_t limit_bytes) {
#if CUDART_VERSION >= 12020
    properties->maxSize = (size_t)limit_bytes;
#else
    (void)properties;
    (void)limit_bytes;
#endif
}

cudaError_t rein_i_cuda_driver_pool_create(cuda_scope *scope, uint64_t limit_bytes,
                                           cudaMemPool_t *out_pool, bool *out_has_cap) {
    struct cudaMemPoolProps properties = {
        .allocType = cudaMemAllocationTypePinned,
        .location = {.type = cudaMemLocationTypeDevice, .id = scope->binding->device}};
    bool has_cap = false;
    if (limit_bytes != 0) {
        cudaError_t code = has_driver_cap(scope, &has_cap);
        if (code != cudaSuccess) {
            return code;
        }
    }
    if (has_cap) {
        set_cap(&properties, limit_bytes);
    }
    *out_has_cap = has_cap;
    return rein_i_cuda_scope_note(scope, cudaMemPoolCreate(out_pool, &properties));
}

cudaError_t rein_i_cuda_pool_attribute(cuda_scope *scope, cudaMemPool_t pool,
                                       enum cudaMemPoolAttr attribute, uint64_t *out_value) {
    return rein_i_cuda_scope_note(scope, cudaMemPoolGetAttribute(pool, attribute, out_value));
}

static cudaError_t reset_high_water_mark(cuda_scope *scope, cudaMemPool_t pool,
                                         enum cudaMemPoolAttr attribute) {
    uint64_t zero = 0;
    return rein_i_cuda_scope_note(scope, cudaMemPoolSetAttribute(pool, attribute, &zero));
}

static cudaError_t take_bytes(cuda_scope *scope, cudaMemPool_t pool, cudaStream_t stream,
                              void **out_bytes) {
    cudaError_t code = cudaSuccess;
    for (int i = 0; i < OBSERVED_COUNT && code == cudaSuccess; i++) {
        code =
            rein_i_cuda_scope_note(scope, cudaMallocFromPoolAsync(&out_bytes[i], 1, pool, stream));
    }
    return code;
}

static uint64_t distance(const void *left, const void *right) {
    uintptr_t first = (uintptr_t)left;
    uintptr_t second = (uintptr_t)right;
    return first < second ? second - first : first - second;
}

static uint64_t least_distance(void *const *bytes) {
    uint64_t least = distance(bytes[0], bytes[1]);
    for (int i = 1; i + 1 < OBSERVED_COUNT; i++) {
        uint64_t next = distance(bytes[i], bytes[i + 1]);
        least = next < least ? next : least;
    }
    return least;
}

static cudaError_t free_byte(cuda_scope *scope, void *byte, cudaStream_t stream) {
    cudaError_t code = rein_i_cuda_scope_note(scope, cudaFreeAsync(byte, stream));
    if (code != cudaSuccess) {
        (void)rein_i_cuda_scope_note(scope, cudaFreeAsync(byte, stream));
    }
    return code;
}

/* Frees all of them even if one fails. Returns the first failure. */
static cudaError_t free_taken(cuda_scope *scope, void *const *bytes, cudaStream_t stream) {
    cudaError_t failure = cudaSuccess;
    for (int i = 0; i < OBSERVED_COUNT; i++) {
        cudaError_t code = bytes[i] == NULL ? cudaSuccess : free_byte(scope, bytes[i], stream);
        failure = failure == cudaSuccess ? code : failure;
    }
    return failure;
}

static cudaError_t give_bytes_back(cuda_scope *scope, cudaMemPool_t pool, void *const *bytes,
                                   cudaStream_t stream) {
    cudaError_t code = free_taken(scope, bytes, stream);
    if (code == cudaSuccess) {
        code = rein_i_cuda_scope_note(scope, cudaStreamSynchronize(stream));
    }
    if (code == cudaSuccess) {
        code = reset_high_water_mark(scope, pool, cudaMemPoolAttrUsedMemHigh);
    }
    return code == cudaSuccess ? reset_high_water_mark(scope, pool, cudaMemPoolAttrReservedMemHigh)
                               : code;
}

cudaError_t rein_i_cuda_observe_pool(cuda_scope *scope, cudaMemPool_t pool, cudaStream_t stream,
                                     rein_cuda_granularity *out_granularity) {
    void *bytes[OBSERVED_COUNT] = {NULL};
    cudaError_t code = take_bytes(scope, pool, stream, bytes);
    if (code == cudaSuccess) {
        out_granularity->charge_bytes = least_distance(bytes);
        code = rein_i_cuda_pool_attribute(scope, pool, cudaMemPoolAttrReservedMemCurrent,
                                          &out_granularity->growth_bytes);
    }
    cudaError_t given_back = give_bytes_back(scope, pool, bytes, stream);
    return code != cudaSuccess ? code : given_back;
}

static cudaError_t free_bytes(cuda_scope *scope, uint64_t *out_bytes) {
    size_t free_now = 0;
    size_t total = 0;
    cudaError_t code = rein_i_cuda_scope_note(scope, cudaMemGetInfo(&free_now, &total));
    *out_bytes = free_now;
    return code;
}

cudaError_t rein_i_cuda_observe_malloc(cuda_scope *scope, rein_cuda_granularity *out_granularity) {
    uint64_t before = 0;
    cudaError_t code = free_bytes(scope, &before);
    if (code != cudaSuccess) {
        return code;
    }
    void *byte = NULL;
    code = rein_i_cuda_scope_note(scope, cudaMalloc(&byte, 1));
    if (code != cudaSuccess) {
        return code;
    }
    uint64_t after = 0;
    cudaError_t read = free_bytes(scope, &after);
    uint64_t taken = before > after ? before - after : 0;
    *out_granularity = (rein_cuda_granularity){.charge_bytes = taken, .growth_bytes = taken};
    cudaError_t freed = rein_i_cuda_scope_note(scope, cudaFree(byte));
    if (freed != cudaSuccess) {
        (void)rein_i_cuda_scope_note(scope, cudaFree(byte));
    }
    return read != cudaSuccess ? read : freed;
}
