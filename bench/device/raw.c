#include "raw.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "contract/clock.h"
#include "contract/units.h"

enum { READ_BACK_MAX_BYTES = 1 << 20, PATTERN = 0xa5 };

static const int64_t blocker_limit_ns = INT64_C(2000000000);

rein_result_void raw_result(cudaError_t code, const char *call, rein_source_location where) {
    if (code == cudaSuccess) {
        return rein_done();
    }
    (void)cudaGetLastError();
    char text[REIN_ERROR_FOREIGN_TEXT_CAPACITY];
    snprintf(text, sizeof text, "%s: %s", call, cudaGetErrorName(code));
    rein_error error = rein_error_make(REIN_ERROR_BACKEND_ERROR, where, "{text}");
    return rein_result_void_fail(
        rein_error_with_native_code(rein_error_with_text(error, text), (int32_t)code));
}

rein_result_void raw_failure(const char *what, rein_source_location where) {
    return rein_result_void_fail(rein_error_make(REIN_ERROR_BACKEND_ERROR, where, what));
}

static rein_result_void compare_pattern(const unsigned char *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != PATTERN) {
            return raw_failure("device memory does not hold what was written to it", REIN_HERE);
        }
    }
    return rein_done();
}

static rein_result_void write_and_read(void *pointer, uint64_t bytes, cudaStream_t stream,
                                       unsigned char *host, size_t host_bytes) {
    REIN_TRY(rein_result_void, raw_result(cudaMemsetAsync(pointer, PATTERN, (size_t)bytes, stream),
                                          "cudaMemsetAsync", REIN_HERE));
    REIN_TRY(rein_result_void,
             raw_result(cudaMemcpyAsync(host, pointer, host_bytes, cudaMemcpyDeviceToHost, stream),
                        "cudaMemcpyAsync", REIN_HERE));
    REIN_TRY(rein_result_void,
             raw_result(cudaStreamSynchronize(stream), "cudaStreamSynchronize", REIN_HERE));
    return compare_pattern(host, host_bytes);
}

rein_result_void raw_verify_memory(void *pointer, uint64_t bytes, cudaStream_t stream) {
    size_t host_bytes = bytes < READ_BACK_MAX_BYTES ? (size_t)bytes : READ_BACK_MAX_BYTES;
    unsigned char *host = calloc(1, host_bytes);
    if (host == NULL) {
        return raw_failure("the host has no memory to read device memory into", REIN_HERE);
    }
    rein_result_void verified = write_and_read(pointer, bytes, stream, host, host_bytes);
    free(host);
    return verified;
}

rein_result_void raw_pool_create(int device, bool keeps_memory, cudaMemPool_t *out_pool) {
    struct cudaMemPoolProps properties = {
        .allocType = cudaMemAllocationTypePinned,
        .location = {.type = cudaMemLocationTypeDevice, .id = device}};
    rein_result_void created =
        raw_result(cudaMemPoolCreate(out_pool, &properties), "cudaMemPoolCreate", REIN_HERE);
    if (!created.is_ok || !keeps_memory) {
        return created;
    }
    uint64_t threshold = UINT64_MAX;
    return raw_result(
        cudaMemPoolSetAttribute(*out_pool, cudaMemPoolAttrReleaseThreshold, &threshold),
        "cudaMemPoolSetAttribute", REIN_HERE);
}

/* Runs on a thread of the driver and must not call CUDA. */
static void CUDART_CB hold(void *self) {
    raw_blocker *blocker = self;
    int64_t start = raw_now_ns();
    while (!__atomic_load_n(&blocker->is_open, __ATOMIC_ACQUIRE)) {
        if (raw_now_ns() - start > blocker_limit_ns) {
            __atomic_store_n(&blocker->has_expired, 1, __ATOMIC_RELEASE);
            return;
        }
        sched_yield();
    }
}

rein_result_void raw_blocker_close(raw_blocker *blocker, cudaStream_t stream) {
    *blocker = (raw_blocker){.is_open = 0};
    return raw_result(cudaLaunchHostFunc(stream, hold, blocker), "cudaLaunchHostFunc", REIN_HERE);
}

void raw_blocker_open(raw_blocker *blocker) {
    __atomic_store_n(&blocker->is_open, 1, __ATOMIC_RELEASE);
}

rein_result_void raw_blocker_check(const raw_blocker *blocker) {
    return __atomic_load_n(&blocker->has_expired, __ATOMIC_ACQUIRE)
               ? raw_failure("the stream was not held up until all was submitted", REIN_HERE)
               : rein_done();
}

int64_t raw_now_ns(void) {
    return rein_clock_now(rein_clock_system()).ns;
}
