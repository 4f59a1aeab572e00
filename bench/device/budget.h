/* Budgets and pools for the tables. */
#ifndef BENCH_DEVICE_BUDGET_H
#define BENCH_DEVICE_BUDGET_H

#include "cuda/memory_pool.h"

/* Initialises a ledger with these limits and a compute budget that is never exceeded. */
rein_result_void budget_init(rein_ledger *ledger, uint64_t memory_limit_bytes,
                             int32_t stream_limit);

/* Creates a memory pool under `ledger` with an observed granularity. The pool keeps `kept_bytes` of
 * freed memory. */
rein_result_void budget_create_pool(rein_ledger *ledger, int device, uint64_t kept_bytes,
                                    rein_cuda_memory_pool **out_pool);

/* Allocates, in the order of `stream` if `is_ordered`, otherwise at once. A refusal is an error. */
rein_result_void budget_allocate(rein_cuda_memory_pool *pool, uint64_t bytes, bool is_ordered,
                                 struct CUstream_st *stream, void **out_pointer);

#endif
