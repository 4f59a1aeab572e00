/* The resource budget: the resources that a model is promised and may not exceed. */
#ifndef REIN_CONTRACT_BUDGET_H
#define REIN_CONTRACT_BUDGET_H

#include "contract/api.h"
#include "contract/clock.h"
#include "contract/result.h"

REIN_API_BEGIN

/* The resources that one model may use. A plain value; valid if all three are above zero. */
typedef struct rein_resource_budget {
    uint64_t memory_limit_bytes;  /* device memory: weights, activations and workspaces together */
    int32_t stream_limit;         /* streams held at the same time */
    rein_duration compute_budget; /* device time for one execution */
} rein_resource_budget;

REIN_RESULT_DEFINE(rein_result_resource_budget, rein_resource_budget)

/* Returns a valid budget of these limits. Errors: as rein_resource_budget_validate. */
REIN_MUST_USE rein_result_resource_budget rein_resource_budget_make(uint64_t memory_limit_bytes,
                                                                    int32_t stream_limit,
                                                                    rein_duration compute_budget);

/* Returns the default budget: 512 MiB, 4 streams, 100 ms. */
rein_resource_budget rein_resource_budget_default(void);

/* Returns whether all three limits are above zero; false if the budget is NULL. */
bool rein_resource_budget_is_valid(const rein_resource_budget *budget);

/* Checks the fields in their order. Errors: InvalidArgument for the first that breaks its rule,
 * with the field, its value and the rule in the message; InvalidArgument if the budget is NULL. */
REIN_MUST_USE rein_result_void rein_resource_budget_validate(const rein_resource_budget *budget);

/* Returns whether all three limits are the same; false if a pointer is NULL. */
bool rein_resource_budget_equal(const rein_resource_budget *left,
                                const rein_resource_budget *right);

REIN_API_END

#endif
