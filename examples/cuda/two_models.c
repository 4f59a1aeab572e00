/* Two models on one device, each with its own budget. */
#include <stdio.h>

#include "contract/units.h"
#include "cuda/check.h"
#include "cuda/memory_pool.h"

static rein_result_void load(int model, uint64_t limit_bytes, uint64_t weights_bytes) {
    rein_resource_budget budget = rein_resource_budget_default();
    budget.memory_limit_bytes = limit_bytes;
    rein_result_cuda_check check = rein_cuda_check_budget(0, &budget); /* device 0, now */
    REIN_TRY(rein_result_void, check);
    const char *outcome = rein_admission_outcome_name(REIN_VALUE(check).verdict.outcome);
    rein_ledger ledger;
    REIN_TRY(rein_result_void, rein_ledger_init(&ledger, &budget));
    rein_cuda_memory_pool_options options = {.device = 0, .ledger = &ledger};
    rein_cuda_memory_pool *pool =
        REIN_TRY(rein_result_void, rein_cuda_memory_pool_create(&options));
    rein_result_cuda_allocation weights = rein_cuda_memory_allocate(pool, weights_bytes);
    if (rein_result_cuda_allocation_is_ok(weights)) {
        rein_ledger_verdict verdict = REIN_VALUE(weights).verdict;
        printf("model %d: the budget %s; its weights are %s, short by %llu bytes\n", model, outcome,
               verdict.is_granted ? "loaded" : "refused", (unsigned long long)verdict.shortfall);
    }
    rein_result_void destroyed = rein_cuda_memory_pool_destroy(pool);
    REIN_TRY(rein_result_void, weights);
    return destroyed;
}

int main(void) {
    rein_result_void first = load(1, 512 * REIN_MIB, 100 * REIN_MIB);
    rein_result_void done = first.is_ok ? load(2, 64 * REIN_MIB, 100 * REIN_MIB) : first;
    if (rein_result_void_is_error(done)) {
        char text[256];
        rein_error_to_string(&REIN_ERROR(done), text, sizeof text);
        fprintf(stderr, "%s\n", text);
    }
    return rein_result_void_is_ok(done) ? 0 : 1;
}
