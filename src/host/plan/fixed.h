/* Finds two fixed tensors that overlap. If there are any, nothing fits at any capacity. */
#ifndef REIN_HOST_PLAN_FIXED_H
#define REIN_HOST_PLAN_FIXED_H

#include "plan/plan.h"

typedef struct fixed_conflict {
    bool exists;
    bool is_unknown; /* the options stopped the check */
    size_t first;    /* rows */
    size_t second;
    int64_t instant; /* at which both are alive */
} fixed_conflict;

/* Returns a conflict among the fixed tensors of a valid problem, if there is one. The workspace
 * must be large enough for a plan. O(n log n). */
fixed_conflict rein_i_fixed_find_conflict(const rein_plan_problem *problem,
                                          const rein_plan_options *options,
                                          rein_workspace workspace);

#endif
