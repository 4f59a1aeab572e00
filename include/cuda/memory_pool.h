/* Device memory under a ledger's budget.
 *
 * Every allocation is charged to the ledger first and given back to it last: the ledger never shows
 * less than the pool holds. What is charged is the size that the device takes, rounded up to the
 * granularity. A request that does not fit is refused by the ledger with numbers, before any CUDA
 * call. Where the driver has a cap of its own for a pool, it is set to the ledger's limit, as a
 * second fence.
 *
 * On a device with memory pools all memory comes from one pool of the driver; without, only the
 * synchronous calls work.
 *
 * A pool on which the device was lost refuses everything but freeing, reports and destruction.
 *
 * Threads: any function at any time, but for destroy, which must be the last. The calling thread's
 * current device is as before after every call.
 *
 * Fork: a child may only destroy the pool; every other call on it and a creation with valid options
 * fail with DeviceUnavailable, without a CUDA call, and the list is empty. See cuda/error.h. */
#ifndef REIN_CUDA_MEMORY_POOL_H
#define REIN_CUDA_MEMORY_POOL_H

#include "contract/api.h"
#include "contract/device.h"
#include "contract/ledger.h"
#include "cuda/error.h"

struct CUstream_st;

REIN_API_BEGIN

/* A pool of device memory; see above. */
typedef struct rein_cuda_memory_pool rein_cuda_memory_pool;

/* What a pool of device memory is made with. */
typedef struct rein_cuda_memory_pool_options {
    int32_t device;                  /* number among the visible ones, from 0 */
    rein_ledger *ledger;             /* borrowed; outlives the pool; other pools may share it, and
                                        each takes whole steps of its own from the device */
    rein_fact_u64 granularity_bytes; /* of a profile of this device; unknown: observed at creation,
                                        by one allocation */
    bool has_no_driver_cap;          /* leave the second fence away */
    uint64_t kept_bytes; /* of what is freed, so much stays with the pool for its next allocations,
                            which are then faster; the rest goes back to the device when the host
                            next waits. In whole steps of a profile's pool growth; from the
                            ledger's limit on, all stays. Of no effect without memory pools. */
} rein_cuda_memory_pool_options;

REIN_RESULT_DEFINE(rein_result_cuda_memory_pool, rein_cuda_memory_pool *)

/* Creates a pool; it holds no device memory before the first allocation. Owned by the caller until
 * destroyed. Errors: InvalidArgument if the ledger is NULL or the granularity 0; NotFound if
 * there is no such device; DeviceUnavailable; Unsupported if the granularity cannot be observed
 * and is not given; InvalidState if a CUDA error is pending; DeviceLost; OutOfMemory, also if
 * forks cannot be watched (see cuda/error.h). */
REIN_MUST_USE rein_result_cuda_memory_pool
rein_cuda_memory_pool_create(const rein_cuda_memory_pool_options *options);

/* The answer to a request for device memory. */
typedef struct rein_cuda_allocation {
    void *pointer;               /* device memory; NULL if refused */
    rein_ledger_verdict verdict; /* `requested` is the charge */
    uint64_t draining_bytes; /* where refused: charged for memory that is freed on a stream which
                                is not there yet; see rein_cuda_memory_pool_collect */
} rein_cuda_allocation;

REIN_RESULT_DEFINE(rein_result_cuda_allocation, rein_cuda_allocation)

/* Memory that every stream may use at once. Waits for the device only as far as the allocation
 * needs. Errors: InvalidArgument if `bytes` is 0 or cannot be rounded up; OutOfMemory if the
 * budget allows it and the device has no more; DeviceLost, DeviceUnavailable, InvalidState; nothing
 * is charged then, unless CUDA refuses to wait for the memory and to take it back: it then stays
 * charged, and listed, until the pool is destroyed. */
REIN_MUST_USE rein_result_cuda_allocation rein_cuda_memory_allocate(rein_cuda_memory_pool *pool,
                                                                    uint64_t bytes);

/* Memory that work submitted to `stream` afterwards may use. `stream` is of the pool's device; NULL
 * is the legacy default stream. Errors: as above; Unsupported on a device without memory pools;
 * InvalidState if the stream is capturing a graph. */
REIN_MUST_USE rein_result_cuda_allocation rein_cuda_memory_allocate_async(
    rein_cuda_memory_pool *pool, uint64_t bytes, struct CUstream_st *stream);

/* Frees memory that no submitted work uses any more. Errors: InvalidArgument if `pointer` is not
 * this pool's; DeviceLost if the device was lost in this call; what CUDA refuses: the memory is
 * then still allocated and charged. */
REIN_MUST_USE rein_result_void rein_cuda_memory_free(rein_cuda_memory_pool *pool, void *pointer);

/* Frees memory when `stream` gets there. Until then it stays charged, for it cannot be had by
 * others; rein_cuda_memory_pool_collect gives the charge back. Errors: as rein_cuda_memory_free and
 * rein_cuda_memory_allocate_async. */
REIN_MUST_USE rein_result_void rein_cuda_memory_free_async(rein_cuda_memory_pool *pool,
                                                           void *pointer,
                                                           struct CUstream_st *stream);

REIN_RESULT_DEFINE(rein_result_cuda_collected, uint64_t)

/* Gives the ledger back what streams have freed by now; returns those bytes. Never waits. O(frees
 * that are still to come). A runtime calls it between executions, and where a request is refused
 * with bytes draining. Errors: InvalidState if a CUDA error is pending; DeviceLost,
 * DeviceUnavailable; what was found free before is given back all the same. */
REIN_MUST_USE rein_result_cuda_collected rein_cuda_memory_pool_collect(rein_cuda_memory_pool *pool);

/* Gives memory that no allocation uses back to the device, for others to have, until the driver's
 * pool keeps about `kept_bytes` of it. The driver does so by itself only when the host next waits
 * for the device: until then what was freed stays reserved. Never waits; what is freed on a stream
 * that is not there yet stays. Nothing on a device without memory pools. Errors: InvalidState if
 * a CUDA error is pending; DeviceLost, DeviceUnavailable. */
REIN_MUST_USE rein_result_void rein_cuda_memory_pool_trim(rein_cuda_memory_pool *pool,
                                                          uint64_t kept_bytes);

/* What is accounted, and what the driver's pool shows. */
typedef struct rein_cuda_memory_report {
    uint64_t live_count;        /* allocations not freed: at teardown, the leaks */
    uint64_t live_bytes;        /* charged for them */
    uint64_t draining_bytes;    /* charged for memory that a stream will free */
    uint64_t peak_bytes;        /* the most that was charged at a time */
    uint64_t granularity_bytes; /* of every charge; as given, or observed at creation */
    bool has_driver_cap; /* the second fence is there: asked for, and runtime and driver know it */
    rein_fact_u64 used_bytes;          /* of the driver's pool: in use */
    rein_fact_u64 reserved_bytes;      /* of the driver's pool: taken from the device */
    rein_fact_u64 used_peak_bytes;     /* the most that was in use since the pool was created */
    rein_fact_u64 reserved_peak_bytes; /* the most that was taken since the pool was created */
    rein_fact_i64 drift_bytes; /* used less live and draining: 0 if the accounts agree; a free
                                  that has happened and is not collected makes it negative */
} rein_cuda_memory_report;

REIN_RESULT_DEFINE(rein_result_cuda_memory_report, rein_cuda_memory_report)

/* Driver facts are unknown if the device has no pools, or is lost. Errors: DeviceLost if the
 * device was lost in this call; DeviceUnavailable, InvalidState. */
REIN_MUST_USE rein_result_cuda_memory_report
rein_cuda_memory_pool_report(rein_cuda_memory_pool *pool);

/* One allocation that was not freed. */
typedef struct rein_cuda_live_allocation {
    void *pointer;            /* device memory, as it was handed out */
    uint64_t requested_bytes; /* as the caller asked for */
    uint64_t charged_bytes;   /* rounded up to the granularity */
    uint64_t number;          /* the how-manieth allocation of the pool, from 1 */
} rein_cuda_live_allocation;

/* Copies at most `capacity` of the live allocations into the caller's array, none if it is NULL, in
 * no order; returns how many there are. Returns 0 in a forked child. Makes no
 * CUDA call. */
size_t rein_cuda_memory_pool_list(rein_cuda_memory_pool *pool,
                                  rein_cuda_live_allocation *out_allocations, size_t capacity);

/* Frees what is live, gives all charges back and destroys the pool; no submitted work may use its
 * memory. NULL is allowed. Where CUDA refuses, the pool is still there: what was freed stays freed,
 * allocating, collecting and trimming are refused with InvalidState, and it can be destroyed again.
 * On a lost device the host memory is freed, the charges are given back and the call succeeds.
 *
 * In a forked child the call frees the child's copy of the host memory and succeeds. It makes no
 * CUDA call and leaves the ledger alone: the charges are the parent's. If a thread of the parent
 * was at work in the pool at fork, the host memory stays allocated. */
REIN_MUST_USE rein_result_void rein_cuda_memory_pool_destroy(rein_cuda_memory_pool *pool);

REIN_API_END

#endif
