/* CUDA called directly: what the module is measured against, and what both need. */
#ifndef BENCH_DEVICE_RAW_H
#define BENCH_DEVICE_RAW_H

#include <cuda_runtime_api.h>

#include "contract/result.h"

/* The outcome of a CUDA call, whose name has static storage. A failure is taken from the calling
 * thread's pending errors. */
rein_result_void raw_result(cudaError_t code, const char *call, rein_source_location where);

/* BackendError with a text in static storage. */
rein_result_void raw_failure(const char *what, rein_source_location where);

/* Writes every byte of device memory, in the order of `stream`, and reads up to 1 MiB of it back.
 * Waits. */
rein_result_void raw_verify_memory(void *pointer, uint64_t bytes, cudaStream_t stream);

/* A pool of the driver's on `device`. `keeps_memory`: its release threshold is the highest, so that
 * it gives nothing back; else the lowest, the default. */
rein_result_void raw_pool_create(int device, bool keeps_memory, cudaMemPool_t *out_pool);

/* Holds a stream up, so that what is submitted to it waits until all of it is. At most one stream
 * for each blocker; the caller keeps it where it is until the stream has been waited for. */
typedef struct raw_blocker {
    int is_open; /* atomic access */
    int has_expired;
} raw_blocker;

/* The stream waits in a host function until the blocker is opened, at most 2 s. */
rein_result_void raw_blocker_close(raw_blocker *blocker, cudaStream_t stream);
void raw_blocker_open(raw_blocker *blocker);
/* After the stream was waited for: whether it was held all the while. */
rein_result_void raw_blocker_check(const raw_blocker *blocker);

/* Of the monotonic clock. */
int64_t raw_now_ns(void);

#endif
