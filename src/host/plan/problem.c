#include "host/plan/problem.h"

#include "host/base/checked.h"
#include "host/contract/invalid.h"
#include "host/contract/lifetime_input.h"

rein_result_void rein_i_problem_check_count(size_t count, rein_source_location where) {
    enum { COUNT_MAX = INT32_MAX };
    return count < COUNT_MAX
               ? rein_done()
               : rein_i_invalid(where, "{u} lifetimes are too many; a plan has at most {u}", count,
                                COUNT_MAX - 1, 0);
}

static rein_result_void check_fixed(const rein_plan_problem *problem) {
    for (size_t i = 0; problem->fixed_offsets != NULL && i < problem->count; i++) {
        const rein_tensor_lifetime *lifetime = &problem->lifetimes[i];
        uint64_t offset = problem->fixed_offsets[i];
        if (offset == REIN_PLAN_FREE) {
            continue;
        }
        if ((offset & (lifetime->alignment_bytes - 1)) != 0) {
            return rein_i_invalid(
                REIN_HERE,
                "lifetime {u} has fixed offset {u}; it must be a multiple of alignment_bytes, {u}",
                i, offset, lifetime->alignment_bytes);
        }
        if (!ends_within(offset, lifetime->size_bytes, REIN_PLACEMENT_BYTES_MAX)) {
            return rein_i_invalid(REIN_HERE,
                                  "lifetime {u} has fixed offset {u} and size_bytes {u}; their sum "
                                  "must be at most 2^63",
                                  i, offset, lifetime->size_bytes);
        }
    }
    return rein_done();
}

rein_result_void rein_plan_validate(const rein_plan_problem *problem) {
    if (problem == NULL) {
        return rein_i_invalid(REIN_HERE, "the problem" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    REIN_TRY(rein_result_void, rein_i_problem_check_count(problem->count, REIN_HERE));
    REIN_TRY(rein_result_void, rein_lifetimes_validate(problem->lifetimes, problem->count));
    return check_fixed(problem);
}

/* Returns whether the sum of all sizes is at most 2^63. Then the live bytes are, too, and need not
 * be computed, which takes two sorts. */
static bool is_sum_small(const rein_plan_problem *problem) {
    uint64_t sum = 0;
    for (size_t i = 0; i < problem->count; i++) {
        if (!checked_add(sum, problem->lifetimes[i].size_bytes, &sum) ||
            sum > REIN_PLACEMENT_BYTES_MAX) {
            return false;
        }
    }
    return true;
}

/* Checks that at most 2^63 bytes are alive at once: no placement can hold more. */
static rein_result_void check_live(const rein_plan_problem *problem, rein_workspace workspace) {
    if (is_sum_small(problem)) {
        return rein_done();
    }
    rein_live_peak peak = REIN_TRY(
        rein_result_void, rein_lifetimes_peak(problem->lifetimes, problem->count, workspace));
    int64_t instant = peak.instant;
    uint64_t live = 0;
    for (size_t row = 0; row < problem->count; row++) {
        live += problem_live_bytes(problem, row, instant);
        if (live > REIN_PLACEMENT_BYTES_MAX) {
            return rein_i_invalid(
                REIN_HERE,
                "the bytes alive at {i} are {u} with lifetime {u}; they must be at most 2^63",
                (uint64_t)instant, live, row);
        }
    }
    return rein_done();
}

rein_result_void rein_i_problem_check_call(const rein_plan_problem *problem, uint64_t needed_bytes,
                                           rein_workspace workspace, const uint64_t *offsets) {
    REIN_TRY(rein_result_void, rein_i_workspace_check(workspace, needed_bytes, REIN_HERE));
    if (offsets == NULL && problem->count > 0) {
        return rein_i_invalid(REIN_HERE, "offsets" MUST_HOLD_ELEMENTS, problem->count, 0, 0);
    }
    return check_live(problem, workspace);
}
