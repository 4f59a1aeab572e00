/* Two models on one device, each held to a budget of its own. */
#include <stdio.h>

#include "contract/units.h"
#include "cuda/check.h"
#include "cuda/memory_pool.h"

static rein_result_void load(const char *name, rein_ledger *ledger, uint64_t weights_bytes) {
    rein_cuda_memory_pool_options options = {.device = 0, .ledger = ledger};
    rein_result_cuda_memory_pool pool = rein_cuda_memory_pool_create(&options);
    REIN_RETURN_IF_ERROR(rein_result_void, pool);
    rein_result_cuda_allocation weights =
        rein_cuda_memory_allocate(REIN_VALUE(pool), weights_bytes);
    if (weights.is_ok && !REIN_VALUE(weights).verdict.is_granted) {
        printf("%s: refused, %llu bytes over its budget\n", name,
               (unsigned long long)REIN_VALUE(weights).verdict.shortfall);
    } else if (weights.is_ok) {
        printf("%s: loaded, %llu bytes charged\n", name,
               (unsigned long long)REIN_VALUE(weights).verdict.requested);
    }
    rein_result_void destroyed = rein_cuda_memory_pool_destroy(REIN_VALUE(pool));
    REIN_RETURN_IF_ERROR(rein_result_void, weights);
    return destroyed;
}

static rein_result_void run(void) {
    rein_resource_budget budgets[] = {rein_resource_budget_default(),
                                      rein_resource_budget_default()};
    budgets[1].memory_limit_bytes = 64 * REIN_MIB;
    for (int i = 0; i < 2; i++) {
        rein_ledger ledger;
        rein_result_void ready = rein_ledger_init(&ledger, &budgets[i]);
        REIN_RETURN_IF_ERROR(rein_result_void, ready);
        rein_result_cuda_check check = rein_cuda_check_budget(0, &budgets[i]);
        REIN_RETURN_IF_ERROR(rein_result_void, check);
        printf("budget %d: %s\n", i,
               rein_admission_outcome_name(REIN_VALUE(check).verdict.outcome));
        rein_result_void loaded = load(i == 0 ? "first" : "second", &ledger, 100 * REIN_MIB);
        REIN_RETURN_IF_ERROR(rein_result_void, loaded);
    }
    return rein_done();
}

int main(void) {
    char text[256];
    rein_result_void done = run();
    if (rein_result_void_is_error(done)) {
        rein_error_to_string(&REIN_ERROR(done), text, sizeof text);
        fprintf(stderr, "%s\n", text);
    }
    return rein_result_void_is_ok(done) ? 0 : 1;
}
