/* Device memory under a ledger's budget.
 *
 * Every allocation is charged to the ledger before it is made, and its charge is released after the
 * memory is freed: the ledger never shows less than the pool holds. The charge is the size that the
 * device takes: the request rounded up to the granularity. If a request does not fit, the ledger
 * refuses it with numbers, before any CUDA call. If the driver supports a cap for each pool, the
 * cap is set to the ledger's limit as a second barrier.
 *
 * On a device with memory pools, all memory comes from one pool of the driver. On other devices
 * only the synchronous calls work.
 *
 * After the device is lost, a pool refuses everything except freeing, reports and destruction.
 *
 * Threads: any function at any time, except destroy, which must be the last call. No call changes
 * the calling thread's current device.
 *
 * Fork: a child may only destroy the pool. Every other call on it, and a creation with valid
 * options, fails with DeviceUnavailable without a CUDA call; the list is empty. See cuda/error.h.
 */
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

/* Options of a new memory pool. */
typedef struct rein_cuda_memory_pool_options {
    int32_t device; /* index among the visible devices, from 0 */
    /* Borrowed; must outlive the pool. Other pools may share it; each takes whole growth steps of
     * its own from the device. */
    rein_ledger *ledger;
    /* From a profile of this device. Unknown: observed at creation, by a few small allocations. */
    rein_fact_u64 granularity_bytes;
    bool has_no_driver_cap; /* do not set the driver's cap */
    /* Freed memory that the pool keeps for its next allocations, which are then faster. The rest
     * returns to the device when the host next waits. Counts in whole steps of a profile's pool
     * growth; from the ledger's limit up, the pool keeps everything. No effect without memory
     * pools. */
    uint64_t kept_bytes;
} rein_cuda_memory_pool_options;

REIN_RESULT_DEFINE(rein_result_cuda_memory_pool, rein_cuda_memory_pool *)

/* Creates a pool; the caller destroys it. It holds no device memory before the first allocation.
 * Errors:
 *  - InvalidArgument if the ledger is NULL or the granularity 0;
 *  - NotFound if there is no such device;
 *  - DeviceUnavailable; DeviceLost; OutOfMemory, also if forks cannot be watched (cuda/error.h);
 *  - Unsupported if the granularity is not given and cannot be observed;
 *  - InvalidState if a CUDA error is pending. */
REIN_MUST_USE rein_result_cuda_memory_pool
rein_cuda_memory_pool_create(const rein_cuda_memory_pool_options *options);

/* The answer to a request for device memory. */
typedef struct rein_cuda_allocation {
    void *pointer;               /* device memory; NULL if refused */
    rein_ledger_verdict verdict; /* `requested` is the charge */
    /* If refused: bytes still charged for memory whose free is queued on a stream; see
     * rein_cuda_memory_pool_collect. */
    uint64_t draining_bytes;
} rein_cuda_allocation;

REIN_RESULT_DEFINE(rein_result_cuda_allocation, rein_cuda_allocation)

/* Returns memory that every stream may use at once. Waits for the device only as long as the
 * allocation requires. Errors: InvalidArgument if `bytes` is 0 or cannot be rounded up; OutOfMemory
 * if the budget allows the request but the device has no more; DeviceLost, DeviceUnavailable,
 * InvalidState. After an error nothing is charged, with one exception. If CUDA can neither wait for
 * the memory nor free it, the memory stays charged and listed until the pool is destroyed. */
REIN_MUST_USE rein_result_cuda_allocation rein_cuda_memory_allocate(rein_cuda_memory_pool *pool,
                                                                    uint64_t bytes);

/* Returns memory that work submitted to `stream` afterwards may use. `stream` must belong to the
 * pool's device; NULL is the legacy default stream. Errors: as above; Unsupported on a device
 * without memory pools; InvalidState if the stream is capturing a graph. */
REIN_MUST_USE rein_result_cuda_allocation rein_cuda_memory_allocate_async(
    rein_cuda_memory_pool *pool, uint64_t bytes, struct CUstream_st *stream);

/* Frees memory that no submitted work uses any more. Errors: InvalidArgument if `pointer` is not an
 * allocation of this pool; DeviceLost if the device was lost in this call; errors of CUDA. After
 * those, the memory is still allocated and charged. */
REIN_MUST_USE rein_result_void rein_cuda_memory_free(rein_cuda_memory_pool *pool, void *pointer);

/* Frees memory in stream order: once the work submitted to `stream` so far has finished. Until then
 * it stays charged, because it is not available to others; rein_cuda_memory_pool_collect releases
 * the charge. Errors: as rein_cuda_memory_free and rein_cuda_memory_allocate_async. */
REIN_MUST_USE rein_result_void rein_cuda_memory_free_async(rein_cuda_memory_pool *pool,
                                                           void *pointer,
                                                           struct CUstream_st *stream);

REIN_RESULT_DEFINE(rein_result_cuda_collected, uint64_t)

/* Releases the charges of memory that streams have freed by now, and returns the number of bytes.
 * Never waits. O(pending frees). Call it between executions, and after a refusal with bytes
 * draining. Errors: InvalidState if a CUDA error is pending; DeviceLost, DeviceUnavailable; charges
 * that the call released before the error stay released. */
REIN_MUST_USE rein_result_cuda_collected rein_cuda_memory_pool_collect(rein_cuda_memory_pool *pool);

/* Returns unused memory to the device, for other users, until the driver's pool keeps about
 * `kept_bytes` of it. Without this call the driver does so only when the host next waits for the
 * device; until then freed memory stays reserved. Never waits; memory whose free is still queued on
 * a stream stays. Does nothing on a device without memory pools. Errors: InvalidState if a CUDA
 * error is pending; DeviceLost, DeviceUnavailable. */
REIN_MUST_USE rein_result_void rein_cuda_memory_pool_trim(rein_cuda_memory_pool *pool,
                                                          uint64_t kept_bytes);

/* The pool's accounts, and the driver's figures for its pool. */
typedef struct rein_cuda_memory_report {
    uint64_t live_count;        /* allocations not freed; at teardown, these are leaks */
    uint64_t live_bytes;        /* charged for them */
    uint64_t draining_bytes;    /* charged for memory whose free is queued on a stream */
    uint64_t peak_bytes;        /* high-water mark of the charges */
    uint64_t granularity_bytes; /* of every charge; as given or observed at creation */
    bool has_driver_cap; /* a driver's cap is set: requested, and supported by runtime and driver */
    rein_fact_u64 used_bytes;          /* in use in the driver's pool */
    rein_fact_u64 reserved_bytes;      /* taken from the device by the driver's pool */
    rein_fact_u64 used_peak_bytes;     /* high-water mark of used_bytes since creation */
    rein_fact_u64 reserved_peak_bytes; /* high-water mark of reserved_bytes since creation */
    /* used_bytes - live_bytes - draining_bytes: 0 if the accounts agree. Negative while a completed
     * free is not collected. */
    rein_fact_i64 drift_bytes;
} rein_cuda_memory_report;

REIN_RESULT_DEFINE(rein_result_cuda_memory_report, rein_cuda_memory_report)

/* Returns the report. The driver's figures are unknown if the device has no pools or is lost.
 * Errors: DeviceLost if the device was lost in this call; DeviceUnavailable, InvalidState. */
REIN_MUST_USE rein_result_cuda_memory_report
rein_cuda_memory_pool_report(rein_cuda_memory_pool *pool);

/* An allocation that was not freed. */
typedef struct rein_cuda_live_allocation {
    void *pointer;            /* device memory, as returned to the caller */
    uint64_t requested_bytes; /* as requested by the caller */
    uint64_t charged_bytes;   /* rounded up to the granularity */
    uint64_t number;          /* sequence number of the allocation in this pool, starting at 1 */
} rein_cuda_live_allocation;

/* Copies at most `capacity` live allocations to the caller's array, in unspecified order; none if
 * the array is NULL. Returns the number of live allocations; 0 in a forked child. Makes no CUDA
 * call. */
size_t rein_cuda_memory_pool_list(rein_cuda_memory_pool *pool,
                                  rein_cuda_live_allocation *out_allocations, size_t capacity);

/* Frees all live allocations, releases their charges and destroys the pool; NULL is allowed. No
 * submitted work may still use its memory. If CUDA refuses, the pool still exists and can be
 * destroyed again; memory already freed stays freed, and allocating, collecting and trimming are
 * refused with InvalidState. On a lost device the call frees the host memory, releases the charges
 * and succeeds.
 *
 * In a forked child the call frees the child's copy of the host memory and succeeds. It makes no
 * CUDA call and does not change the ledger: the charges belong to the parent. If a thread of the
 * parent held the pool's lock at the time of fork, the host memory stays allocated. */
REIN_MUST_USE rein_result_void rein_cuda_memory_pool_destroy(rein_cuda_memory_pool *pool);

REIN_API_END

#endif
