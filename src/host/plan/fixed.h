/* Two fixed tensors in each other's way: then nothing fits, whatever the capacity. */
#ifndef REIN_HOST_PLAN_FIXED_H
#define REIN_HOST_PLAN_FIXED_H

#include "plan/plan.h"

typedef struct fixed_conflict {
    bool exists;
    bool is_unknown; /* the options stopped the search for one */
    size_t first;    /* rows */
    size_t second;
    int64_t instant; /* both are alive */
} fixed_conflict;

/* Looks for one among the fixed tensors of a valid problem. The workspace is large enough for a
 * plan. O(n log n). */
fixed_conflict rein_i_fixed_find_conflict(const rein_plan_problem *problem,
                                          const rein_plan_options *options,
                                          rein_workspace workspace);

#endif
