/* Exclusive leases of streams that were created beforehand, at most as many as the budget allows.
 *
 * Every stream is non-blocking: it does not wait for the default stream. A stream that is given
 * back is handed on only when its work has ended; until then it counts as in use, for it still
 * occupies a queue of the device.
 *
 * Streams beyond the device's connections share hardware queues and can wait for each other:
 * admission warns of it, the pool does not hinder it.
 *
 * A pool on which the device was lost refuses everything but release and destruction.
 *
 * Threads: any function at any time, but for destroy, which must be the last; also while another
 * thread captures a graph. The calling thread's current device is as before after every call.
 *
 * Fork: a child may only destroy the pool; every other call on it, the release of a lease too, and
 * a creation with valid options fail with DeviceUnavailable, without a CUDA call, and what is read
 * is 0. See cuda/error.h. */
#ifndef REIN_CUDA_STREAM_POOL_H
#define REIN_CUDA_STREAM_POOL_H

#include "contract/api.h"
#include "contract/ledger.h"
#include "cuda/error.h"

struct CUstream_st;

REIN_API_BEGIN

/* Which streams' waiting work the device prefers. Values are stable: they are indices of the
 * options' counts. On a device without priorities all three are the same. */
typedef enum rein_cuda_priority {
    REIN_CUDA_PRIORITY_LOW = 0,    /* the least that the device knows */
    REIN_CUDA_PRIORITY_NORMAL = 1, /* the middle of the device's range */
    REIN_CUDA_PRIORITY_HIGH = 2    /* the greatest */
} rein_cuda_priority;

/* How many priorities there are. */
enum { REIN_CUDA_PRIORITY_COUNT = 3 };

/* A pool of streams; see above. */
typedef struct rein_cuda_stream_pool rein_cuda_stream_pool;

/* What a pool of streams is made with. */
typedef struct rein_cuda_stream_pool_options {
    int32_t device;                            /* number among the visible ones, from 0 */
    rein_ledger *ledger;                       /* borrowed; outlives the pool */
    uint32_t counts[REIN_CUDA_PRIORITY_COUNT]; /* streams of each priority; together at least 1 and
                                                  at most the budget's stream limit */
} rein_cuda_stream_pool_options;

REIN_RESULT_DEFINE(rein_result_cuda_stream_pool, rein_cuda_stream_pool *)

/* Creates the streams. Owned by the caller until destroyed. Errors: InvalidArgument if the
 * counts break their rule or the ledger is NULL; NotFound, DeviceUnavailable, InvalidState if a
 * CUDA error is pending; DeviceLost; OutOfMemory, also if forks cannot be watched (see
 * cuda/error.h). */
REIN_MUST_USE rein_result_cuda_stream_pool
rein_cuda_stream_pool_create(const rein_cuda_stream_pool_options *options);

/* The answer to a request for a stream, and the token that gives it back. A plain value; only one
 * copy can be given back.
 *
 * Fork: a child cannot give it back: the lease is the parent's. */
typedef struct rein_cuda_stream_lease {
    struct CUstream_st *stream;  /* NULL if refused */
    rein_ledger_verdict verdict; /* limit: of the budget, or the streams of this priority, whichever
                                    refused */
    uint32_t slot;               /* the pool's: which stream it is */
    uint64_t generation; /* the pool's: which lease of it, so that none is given back twice */
} rein_cuda_stream_lease;

REIN_RESULT_DEFINE(rein_result_cuda_stream_lease, rein_cuda_stream_lease)

/* A stream if one is idle. Makes no CUDA call unless streams that were given back are not known to
 * be idle and stand in the way. Errors: InvalidArgument if the priority is none; InvalidState
 * if a CUDA error is pending; DeviceLost, DeviceUnavailable. */
REIN_MUST_USE rein_result_cuda_stream_lease
rein_cuda_stream_try_acquire(rein_cuda_stream_pool *pool, rein_cuda_priority priority);

/* Tries until `deadline` of `clock`, at least once; sleeps by the clock in between, for at most
 * 100 us at a time. In no order among waiting threads. Errors: as above. */
REIN_MUST_USE rein_result_cuda_stream_lease
rein_cuda_stream_acquire_until(rein_cuda_stream_pool *pool, rein_cuda_priority priority,
                               const rein_clock *clock, rein_timestamp deadline);

/* Gives a stream back; its work may still run. Errors: InvalidArgument if the lease is not held;
 * InvalidState if the stream is capturing a graph; DeviceLost if the device was lost in this
 * call; what CUDA refuses: the lease is then still held. */
REIN_MUST_USE rein_result_void rein_cuda_stream_release(rein_cuda_stream_pool *pool,
                                                        const rein_cuda_stream_lease *lease);

/* What a pool of streams shows; counted now, without a CUDA call. */
typedef struct rein_cuda_stream_usage {
    uint32_t stream_count;   /* of all priorities, as created */
    uint32_t leased_count;   /* handed out and not given back */
    uint32_t draining_count; /* given back and not known to be idle: still counted by the ledger */
    bool has_priorities;     /* of the device: its range has more than one */
} rein_cuda_stream_usage;

/* What is in use now; all 0 in a forked child. */
rein_cuda_stream_usage rein_cuda_stream_pool_read(rein_cuda_stream_pool *pool);

/* Destroys the streams; work on them still runs to its end. NULL is allowed. Errors: InvalidState
 * if streams are leased, unless the device is lost; where CUDA refuses, the pool is still there,
 * can hand out nothing, and can be destroyed again. On a lost device the host memory is freed, the
 * streams' units of the ledger are given back and the call succeeds.
 *
 * In a forked child the call frees the child's copy of the host memory and succeeds. It makes no
 * CUDA call and leaves the ledger alone: the leases are the parent's. */
REIN_MUST_USE rein_result_void rein_cuda_stream_pool_destroy(rein_cuda_stream_pool *pool);

REIN_API_END

#endif
