/* The resource budget: what a model is promised, and held to. */
#ifndef REIN_CONTRACT_BUDGET_H
#define REIN_CONTRACT_BUDGET_H

#include "contract/api.h"
#include "contract/clock.h"
#include "contract/result.h"

REIN_API_BEGIN

/* What one model may use. A plain value; valid when all three are above zero. */
typedef struct rein_resource_budget {
    uint64_t memory_limit_bytes;  /* device memory: weights, activations and workspaces together */
    int32_t stream_limit;         /* streams held at the same time */
    rein_duration compute_budget; /* device time for one execution */
} rein_resource_budget;

REIN_RESULT_DEFINE(rein_result_resource_budget, rein_resource_budget)

/* A valid budget of these three. Errors: as rein_resource_budget_validate. */
REIN_MUST_USE rein_result_resource_budget rein_resource_budget_make(uint64_t memory_limit_bytes,
                                                                    int32_t stream_limit,
                                                                    rein_duration compute_budget);

/* 512 MiB, 4 streams, 100 ms. */
rein_resource_budget rein_resource_budget_default(void);

/* Whether all three are above zero; false if the budget is NULL. */
bool rein_resource_budget_is_valid(const rein_resource_budget *budget);

/* The first violation, in the order of the fields. Errors: InvalidArgument whose message names the
 * field, its value and the rule, or if the budget is NULL. */
REIN_MUST_USE rein_result_void rein_resource_budget_validate(const rein_resource_budget *budget);

/* Whether all three are the same; false if a pointer is NULL. */
bool rein_resource_budget_equal(const rein_resource_budget *left,
                                const rein_resource_budget *right);

REIN_API_END

#endif
