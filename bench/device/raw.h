/* Direct CUDA calls: the baseline of the module, and helpers for both. */
#ifndef BENCH_DEVICE_RAW_H
#define BENCH_DEVICE_RAW_H

#include <cuda_runtime_api.h>

#include "contract/result.h"

/* Returns the result of a CUDA call; `call` must have static storage. Clears the calling thread's
 * pending error after a failure. */
rein_result_void raw_result(cudaError_t code, const char *call, rein_source_location where);

/* Returns a BackendError; `what` must have static storage. */
rein_result_void raw_failure(const char *what, rein_source_location where);

/* Writes every byte of device memory in the order of `stream`, reads up to 1 MiB of it back, and
 * waits. */
rein_result_void raw_verify_memory(void *pointer, uint64_t bytes, cudaStream_t stream);

/* Creates a driver pool on `device`. `keeps_memory`: its release threshold is the highest, so that
 * it returns nothing to the device; otherwise the lowest, the default. */
rein_result_void raw_pool_create(int device, bool keeps_memory, cudaMemPool_t *out_pool);

/* Blocks a stream until everything is submitted to it. At most one stream per blocker. The blocker
 * must stay at its address until the stream has been waited for. */
typedef struct raw_blocker {
    int is_open; /* atomic access */
    int has_expired;
} raw_blocker;

/* Blocks the stream in a host function until the blocker is opened, for at most 2 s. */
rein_result_void raw_blocker_close(raw_blocker *blocker, cudaStream_t stream);
void raw_blocker_open(raw_blocker *blocker);
/* Call it after waiting for the stream. Fails if the stream was not blocked all the time. */
rein_result_void raw_blocker_check(const raw_blocker *blocker);

/* Returns the time of the monotonic clock. */
int64_t raw_now_ns(void);

#endif
