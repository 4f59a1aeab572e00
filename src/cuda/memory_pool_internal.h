/* Declarations shared by the source files of the memory pool. */
#ifndef REIN_CUDA_MEMORY_POOL_INTERNAL_H
#define REIN_CUDA_MEMORY_POOL_INTERNAL_H

#include <pthread.h>

#include "cuda/live_table.h"
#include "cuda/scope.h"

struct rein_cuda_memory_pool {
    cuda_binding binding;
    rein_ledger *ledger;
    uint64_t granularity_bytes;
    bool has_driver_cap;
    cudaMemPool_t driver_pool; /* NULL: the device has no pools */
    cudaStream_t stream;       /* for the synchronous calls only: it carries no work */

    bool is_closed; /* a destruction was begun and refused; atomic access */

    pthread_mutex_t mutex; /* guards the members below; enter a scope before locking */
    live_table live;
    live_allocation *draining_first; /* freed on a stream, oldest first */
    live_allocation *draining_last;
    uint64_t draining_bytes;
    live_allocation *spare; /* records for the next allocations */
    uint64_t peak_bytes;
    uint64_t allocation_count;
};

/* Errors: DeviceUnavailable in a forked child; InvalidState if a destruction of the pool has begun.
 */
rein_result_void rein_i_memory_pool_refuse_closed(const rein_cuda_memory_pool *pool);

/* The ledger refuses only if someone else released too much, which the pool cannot repair. */
void rein_i_memory_pool_release_charge(rein_cuda_memory_pool *pool, uint64_t bytes);

void rein_i_memory_pool_keep_spare(rein_cuda_memory_pool *pool, live_allocation *record);

/* Returns the Unsupported error of a device without memory pools. */
rein_error rein_i_memory_pool_unordered_error(const rein_cuda_memory_pool *pool,
                                              rein_source_location where);

/* Frees the memory of `record` at once; does not change the record. */
rein_result_void rein_i_memory_pool_free_now(rein_cuda_memory_pool *pool, cuda_scope *scope,
                                             const live_allocation *record);

#endif
