/* Exclusive leases of streams that are created in advance, at most as many as the budget allows.
 *
 * Every stream is non-blocking: it does not wait for the default stream. A released stream is
 * leased again only after its work has ended. Until then it counts as in use, because it still
 * occupies a queue of the device.
 *
 * Streams beyond the device's connections share hardware queues and can wait for each other.
 * Admission warns about this; the pool does not prevent it.
 *
 * After the device is lost, a pool refuses everything except release and destruction.
 *
 * Threads: any function at any time, also while another thread captures a graph. The exception is
 * destroy, which must be the last call. No call changes the calling thread's current device.
 *
 * Fork: a child may only destroy the pool. Every other call on it, including the release of a
 * lease, and a creation with valid options fail with DeviceUnavailable, without a CUDA call; read
 * returns 0. See cuda/error.h. */
#ifndef REIN_CUDA_STREAM_POOL_H
#define REIN_CUDA_STREAM_POOL_H

#include "contract/api.h"
#include "contract/ledger.h"
#include "cuda/error.h"

struct CUstream_st;

REIN_API_BEGIN

/* Priority of a stream: the device prefers pending work of higher priority. Values are stable: they
 * are indices of the options' counts. On a device without priorities all three are the same. */
typedef enum rein_cuda_priority {
    REIN_CUDA_PRIORITY_LOW = 0,    /* the lowest priority of the device */
    REIN_CUDA_PRIORITY_NORMAL = 1, /* the middle of the device's range */
    REIN_CUDA_PRIORITY_HIGH = 2    /* the highest */
} rein_cuda_priority;

/* Number of priorities. */
enum { REIN_CUDA_PRIORITY_COUNT = 3 };

/* A pool of streams; see above. */
typedef struct rein_cuda_stream_pool rein_cuda_stream_pool;

/* Options of a new stream pool. */
typedef struct rein_cuda_stream_pool_options {
    int32_t device;      /* index among the visible devices, from 0 */
    rein_ledger *ledger; /* borrowed; must outlive the pool */
    /* Streams of each priority; in total at least 1 and at most the budget's stream limit. */
    uint32_t counts[REIN_CUDA_PRIORITY_COUNT];
} rein_cuda_stream_pool_options;

REIN_RESULT_DEFINE(rein_result_cuda_stream_pool, rein_cuda_stream_pool *)

/* Creates a pool and its streams; the caller destroys it. Errors:
 *  - InvalidArgument if the counts break their rule or the ledger is NULL;
 *  - NotFound; DeviceUnavailable; DeviceLost; InvalidState if a CUDA error is pending;
 *  - OutOfMemory, also if forks cannot be watched (cuda/error.h). */
REIN_MUST_USE rein_result_cuda_stream_pool
rein_cuda_stream_pool_create(const rein_cuda_stream_pool_options *options);

/* The answer to a request for a stream, and the token that releases it. A plain value; only one
 * copy can be released.
 *
 * Fork: a child cannot release it, because the lease belongs to the parent. */
typedef struct rein_cuda_stream_lease {
    struct CUstream_st *stream; /* NULL if refused */
    /* limit: the budget's, or the number of streams of this priority, whichever refused */
    rein_ledger_verdict verdict;
    uint32_t slot;       /* private: index of the stream */
    uint64_t generation; /* private: number of the lease, so that it cannot be released twice */
} rein_cuda_stream_lease;

REIN_RESULT_DEFINE(rein_result_cuda_stream_lease, rein_cuda_stream_lease)

/* Leases a stream if one is idle. Makes no CUDA call unless the lease needs a released stream that
 * is not known to be idle. Errors: InvalidArgument if the priority is not valid; InvalidState if a
 * CUDA error is pending; DeviceLost, DeviceUnavailable. */
REIN_MUST_USE rein_result_cuda_stream_lease
rein_cuda_stream_try_acquire(rein_cuda_stream_pool *pool, rein_cuda_priority priority);

/* Tries to lease a stream until `deadline` of `clock`, at least once. Sleeps on the clock between
 * attempts, at most 100 us at a time. Waiting threads are served in no particular order. Errors: as
 * above. */
REIN_MUST_USE rein_result_cuda_stream_lease
rein_cuda_stream_acquire_until(rein_cuda_stream_pool *pool, rein_cuda_priority priority,
                               const rein_clock *clock, rein_timestamp deadline);

/* Releases a lease; work on the stream may still run. Errors: InvalidArgument if the lease is not
 * held; InvalidState if the stream is capturing a graph; DeviceLost if the device was lost in this
 * call; errors of CUDA. After those, the lease is still held. */
REIN_MUST_USE rein_result_void rein_cuda_stream_release(rein_cuda_stream_pool *pool,
                                                        const rein_cuda_stream_lease *lease);

/* The state of a stream pool, counted without a CUDA call. */
typedef struct rein_cuda_stream_usage {
    uint32_t stream_count; /* of all priorities, as created */
    uint32_t leased_count; /* leased and not released */
    /* Released and not known to be idle; the ledger still counts them. */
    uint32_t draining_count;
    bool has_priorities; /* the device's range has more than one priority */
} rein_cuda_stream_usage;

/* Returns the current state; all 0 in a forked child. */
rein_cuda_stream_usage rein_cuda_stream_pool_read(rein_cuda_stream_pool *pool);

/* Destroys the pool and its streams; NULL is allowed. Work on the streams still runs to its end.
 * Errors: InvalidState if streams are leased, unless the device is lost. If CUDA refuses, the pool
 * still exists and can be destroyed again, but it grants no leases. On a lost device the call frees
 * the host memory, releases the streams' units of the ledger and succeeds.
 *
 * In a forked child the call frees the child's copy of the host memory and succeeds. It makes no
 * CUDA call and does not change the ledger: the leases belong to the parent. */
REIN_MUST_USE rein_result_void rein_cuda_stream_pool_destroy(rein_cuda_stream_pool *pool);

REIN_API_END

#endif
