/* Observes how much memory the device takes for an allocation of one byte. */
#ifndef REIN_CUDA_GRANULARITY_H
#define REIN_CUDA_GRANULARITY_H

#include "cuda/scope.h"

typedef struct rein_cuda_granularity {
    uint64_t charge_bytes; /* sizes are rounded up to this; 0: not observable */
    uint64_t growth_bytes; /* taken from the device at a time; 0: not observable */
} rein_cuda_granularity;

/* Creates an empty driver pool on the scope's device. `limit_bytes` is the driver's own cap, 0 for
 * none; ignored if toolkit or driver do not support caps. */
cudaError_t rein_i_cuda_driver_pool_create(cuda_scope *scope, uint64_t limit_bytes,
                                           cudaMemPool_t *out_pool, bool *out_has_cap);

cudaError_t rein_i_cuda_pool_attribute(cuda_scope *scope, cudaMemPool_t pool,
                                       enum cudaMemPoolAttr attribute, uint64_t *out_value);

/* Observes an empty pool. Afterwards it is empty again, with its high-water marks reset. `stream`
 * must be idle; the call waits for it. */
cudaError_t rein_i_cuda_observe_pool(cuda_scope *scope, cudaMemPool_t pool, cudaStream_t stream,
                                     rein_cuda_granularity *out_granularity);

/* Observes cudaMalloc, from the device's free memory before and after. Allocations of other
 * processes in between falsify the result. */
cudaError_t rein_i_cuda_observe_malloc(cuda_scope *scope, rein_cuda_granularity *out_granularity);

#endif
