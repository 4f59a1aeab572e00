#include "budget.h"

#include "raw.h"

rein_result_void budget_init(rein_ledger *ledger, uint64_t memory_limit_bytes,
                             int32_t stream_limit) {
    rein_resource_budget budget = {.memory_limit_bytes = memory_limit_bytes,
                                   .stream_limit = stream_limit,
                                   .compute_budget = rein_duration_from_ns(INT64_MAX)};
    return rein_ledger_init(ledger, &budget);
}

rein_result_void budget_create_pool(rein_ledger *ledger, int device, uint64_t kept_bytes,
                                    rein_cuda_memory_pool **out_pool) {
    rein_cuda_memory_pool_options options = {
        .device = device, .ledger = ledger, .kept_bytes = kept_bytes};
    rein_cuda_memory_pool *created =
        REIN_TRY(rein_result_void, rein_cuda_memory_pool_create(&options));
    *out_pool = created;
    return rein_done();
}

rein_result_void budget_allocate(rein_cuda_memory_pool *pool, uint64_t bytes, bool is_ordered,
                                 struct CUstream_st *stream, void **out_pointer) {
    rein_cuda_allocation allocated =
        REIN_TRY(rein_result_void, is_ordered ? rein_cuda_memory_allocate_async(pool, bytes, stream)
                                              : rein_cuda_memory_allocate(pool, bytes));
    *out_pointer = allocated.pointer;
    return allocated.verdict.is_granted
               ? rein_done()
               : raw_failure("an allocation that fits the budget was refused", REIN_HERE);
}
