/* Budgets and pools of the module, as the tables need them. */
#ifndef BENCH_DEVICE_BUDGET_H
#define BENCH_DEVICE_BUDGET_H

#include "cuda/memory_pool.h"

/* A ledger of these limits, and a compute budget that nothing exceeds. */
rein_result_void budget_init(rein_ledger *ledger, uint64_t memory_limit_bytes,
                             int32_t stream_limit);

/* A memory pool under `ledger`; its granularity is observed. Of what is freed it keeps so much. */
rein_result_void budget_create_pool(rein_ledger *ledger, int device, uint64_t kept_bytes,
                                    rein_cuda_memory_pool **out_pool);

/* An allocation that must be granted, in the order of `stream` or, `is_ordered` false, at once. */
rein_result_void budget_allocate(rein_cuda_memory_pool *pool, uint64_t bytes, bool is_ordered,
                                 struct CUstream_st *stream, void **out_pointer);

#endif
