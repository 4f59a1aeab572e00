/* Validates a problem and the other arguments of a call. */
#ifndef REIN_HOST_PLAN_PROBLEM_H
#define REIN_HOST_PLAN_PROBLEM_H

#include "plan/plan.h"

/* Returns the size of a row if it is alive at the instant, otherwise 0. */
static inline uint64_t problem_live_bytes(const rein_plan_problem *problem, size_t row,
                                          int64_t instant) {
    const rein_tensor_lifetime *lifetime = &problem->lifetimes[row];
    bool is_alive = lifetime->from <= instant && instant < lifetime->until;
    return is_alive ? lifetime->size_bytes : 0;
}

/* Checks the number of tensors. `where` is the location of the caller. Errors: InvalidArgument if
 * there are too many for a plan. */
rein_result_void rein_i_problem_check_count(size_t count, rein_source_location where);

/* Checks the other arguments of a call whose problem is valid. Errors: as rein_plan_decide. */
rein_result_void rein_i_problem_check_call(const rein_plan_problem *problem, uint64_t needed_bytes,
                                           rein_workspace workspace, const uint64_t *offsets);

#endif
