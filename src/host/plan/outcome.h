/* What is known at the end of a call, as its caller gets it. */
#ifndef REIN_HOST_PLAN_OUTCOME_H
#define REIN_HOST_PLAN_OUTCOME_H

#include "host/plan/fixed.h"
#include "host/plan/planner.h"

/* The outcome if the options stopped the call before the tensors were sorted: the lower bound is
 * what is alive when the largest starts. `capacity_bytes`: UINT64_MAX if the least height is asked
 * for. */
rein_plan_outcome rein_i_outcome_of_stop(const rein_plan_problem *problem,
                                         const rein_plan_options *options, uint64_t capacity_bytes);

rein_plan_outcome rein_i_outcome_of_conflict(const fixed_conflict *conflict);

/* The outcome of a planner that is done; writes the offsets of the best placement, if there is one.
 * `is_logged`: the log is a refutation of whatever is below the bound. */
rein_plan_outcome rein_i_outcome_of_planner(const planner *pl, rein_plan_answer answer,
                                            bool is_logged, uint64_t *out_offsets);

#endif
