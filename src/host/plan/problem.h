/* What a problem must keep before it is planned. */
#ifndef REIN_HOST_PLAN_PROBLEM_H
#define REIN_HOST_PLAN_PROBLEM_H

#include "plan/plan.h"

/* Returns the bytes of a row that are alive at an instant. */
static inline uint64_t problem_live_bytes(const rein_plan_problem *problem, size_t row,
                                          int64_t instant) {
    const rein_tensor_lifetime *lifetime = &problem->lifetimes[row];
    bool is_alive = lifetime->from <= instant && instant < lifetime->until;
    return is_alive ? lifetime->size_bytes : 0;
}

/* Errors: InvalidArgument if there are too many tensors for a plan; `where` is the caller's. */
rein_result_void rein_i_problem_check_count(size_t count, rein_source_location where);

/* Checks the other arguments of a call whose problem is valid. Errors: as rein_plan_decide. */
rein_result_void rein_i_problem_check_call(const rein_plan_problem *problem, uint64_t needed_bytes,
                                           rein_workspace workspace, const uint64_t *offsets);

#endif
