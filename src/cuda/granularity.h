/* What the device takes for one byte, observed by taking it. */
#ifndef REIN_CUDA_GRANULARITY_H
#define REIN_CUDA_GRANULARITY_H

#include "cuda/scope.h"

typedef struct rein_cuda_granularity {
    uint64_t charge_bytes; /* sizes are rounded up to this; 0: not to be seen */
    uint64_t growth_bytes; /* taken from the device at a time; 0: not to be seen */
} rein_cuda_granularity;

/* A pool of the driver on the scope's device that allocates nothing yet. `limit_bytes` is the
 * driver's own cap, 0: none; it is left away where toolkit or driver have no cap. */
cudaError_t rein_i_cuda_driver_pool_create(cuda_scope *scope, uint64_t limit_bytes,
                                           cudaMemPool_t *out_pool, bool *out_has_cap);

cudaError_t rein_i_cuda_pool_attribute(cuda_scope *scope, cudaMemPool_t pool,
                                       enum cudaMemPoolAttr attribute, uint64_t *out_value);

/* Of an empty pool, which is empty again after it and shows no high-water mark. `stream` is idle;
 * the call waits for it. */
cudaError_t rein_i_cuda_observe_pool(cuda_scope *scope, cudaMemPool_t pool, cudaStream_t stream,
                                     rein_cuda_granularity *out_granularity);

/* Of cudaMalloc, from the device's free memory before and after: others' allocations in between
 * falsify it. */
cudaError_t rein_i_cuda_observe_malloc(cuda_scope *scope, rein_cuda_granularity *out_granularity);

#endif
