#include "contract/budget.h"

#include <stddef.h>

#include "contract/units.h"
#include "host/contract/invalid.h"

rein_resource_budget rein_resource_budget_default(void) {
    return (rein_resource_budget){
        .memory_limit_bytes = 512 * REIN_MIB,
        .stream_limit = 4,
        .compute_budget = rein_duration_from_ns(100 * REIN_NS_PER_MS),
    };
}

rein_result_resource_budget rein_resource_budget_make(uint64_t memory_limit_bytes,
                                                      int32_t stream_limit,
                                                      rein_duration compute_budget) {
    rein_resource_budget budget = {.memory_limit_bytes = memory_limit_bytes,
                                   .stream_limit = stream_limit,
                                   .compute_budget = compute_budget};
    REIN_TRY(rein_result_resource_budget, rein_resource_budget_validate(&budget));
    return rein_result_resource_budget_ok(budget);
}

bool rein_resource_budget_is_valid(const rein_resource_budget *budget) {
    return rein_result_void_is_ok(rein_resource_budget_validate(budget));
}

rein_result_void rein_resource_budget_validate(const rein_resource_budget *budget) {
    if (budget == NULL) {
        return rein_i_invalid(REIN_HERE, "the budget" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    if (budget->memory_limit_bytes == 0) {
        return rein_i_invalid(REIN_HERE, "memory_limit_bytes is 0" MUST_BE_POSITIVE, 0, 0, 0);
    }
    if (budget->stream_limit <= 0) {
        return rein_i_invalid(REIN_HERE, "stream_limit is {i}" MUST_BE_POSITIVE,
                              (uint64_t)budget->stream_limit, 0, 0);
    }
    if (budget->compute_budget.ns <= 0) {
        return rein_i_invalid(REIN_HERE, "compute_budget is {duration}" MUST_BE_POSITIVE,
                              (uint64_t)budget->compute_budget.ns, 0, 0);
    }
    return rein_done();
}

bool rein_resource_budget_equal(const rein_resource_budget *left,
                                const rein_resource_budget *right) {
    return left != NULL && right != NULL && left->memory_limit_bytes == right->memory_limit_bytes &&
           left->stream_limit == right->stream_limit &&
           left->compute_budget.ns == right->compute_budget.ns;
}
