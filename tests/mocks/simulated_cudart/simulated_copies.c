/* Writes and reads of device memory. All bytes of an allocation have one value, which is stored
 * once. */
#include <string.h>

#include "mocks/simulated_cudart/simulated_state.h"

/* Begins a call on the first `count` bytes of an allocation, in the order of `stream`. */
static cudaError_t begin(const char *function, const void *pointer, size_t count,
                         cudaStream_t stream, object **out_allocation, object **out_stream) {
    cudaError_t code = simulated_enter(function);
    device_state *device = NULL;
    if (code == cudaSuccess) {
        code = simulated_context(&device);
    }
    *out_stream = simulated_find((void *)stream, OBJECT_STREAM);
    if (code == cudaSuccess && stream != NULL && *out_stream == NULL) {
        code = cudaErrorInvalidResourceHandle;
    }
    *out_allocation = simulated_find(pointer, OBJECT_ALLOCATION);
    if (code == cudaSuccess && (*out_allocation == NULL || count > (*out_allocation)->bytes)) {
        code = cudaErrorInvalidValue;
    }
    return code;
}

/* A byte takes 1 ns, so that the end of a copy differs from its start. */
static void occupy(object *stream, size_t count) {
    if (stream != NULL) {
        uint64_t now = simulation.now_ns;
        stream->ready_ns = (stream->ready_ns > now ? stream->ready_ns : now) + count;
    }
}

cudaError_t cudaMemsetAsync(void *devPtr, int value, size_t count, cudaStream_t stream) {
    object *allocation = NULL;
    object *found = NULL;
    cudaError_t code = begin("cudaMemsetAsync", devPtr, count, stream, &allocation, &found);
    if (code == cudaSuccess) {
        allocation->fill = value;
        occupy(found, count);
    }
    return simulated_leave(code);
}

/* Supports only copies from the device to the host. */
cudaError_t cudaMemcpyAsync(void *dst, const void *src, size_t count, enum cudaMemcpyKind kind,
                            cudaStream_t stream) {
    object *allocation = NULL;
    object *found = NULL;
    cudaError_t code = begin("cudaMemcpyAsync", src, count, stream, &allocation, &found);
    if (code == cudaSuccess && kind != cudaMemcpyDeviceToHost) {
        code = cudaErrorInvalidMemcpyDirection;
    }
    if (code == cudaSuccess) {
        memset(dst, allocation->fill, count);
        occupy(found, count);
    }
    return simulated_leave(code);
}
