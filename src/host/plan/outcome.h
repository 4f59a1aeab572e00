/* Builds the outcome that a call returns. */
#ifndef REIN_HOST_PLAN_OUTCOME_H
#define REIN_HOST_PLAN_OUTCOME_H

#include "host/plan/fixed.h"
#include "host/plan/planner.h"

/* Returns the outcome of a call that was stopped before its tensors were sorted. The lower bound is
 * the live bytes at the start of the largest tensor. `capacity_bytes` is UINT64_MAX to minimise. */
rein_plan_outcome rein_i_outcome_of_stop(const rein_plan_problem *problem,
                                         const rein_plan_options *options, uint64_t capacity_bytes);

rein_plan_outcome rein_i_outcome_of_conflict(const fixed_conflict *conflict);

/* Returns the outcome of a finished planner and writes the offsets of the best placement, if there
 * is one. `is_logged`: the log refutes every height below the bound. */
rein_plan_outcome rein_i_outcome_of_planner(const planner *pl, rein_plan_answer answer,
                                            bool is_logged, uint64_t *out_offsets);

#endif
