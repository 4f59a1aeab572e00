#include "host/plan/fixed.h"

#include "host/base/arena.h"
#include "host/plan/stop_check.h"

/* Copies the fixed tensors, with their rows as ids; returns their number. */
static size_t collect_fixed(const rein_plan_problem *problem, rein_tensor_lifetime *out_lifetimes,
                            uint64_t *out_offsets) {
    size_t count = 0;
    for (size_t row = 0; row < problem->count; row++) {
        if (problem->fixed_offsets[row] != REIN_PLAN_FREE) {
            out_lifetimes[count] = problem->lifetimes[row];
            out_lifetimes[count].tensor = rein_tensor_id_make(row);
            out_offsets[count++] = problem->fixed_offsets[row];
        }
    }
    return count;
}

/* Returns the stop conditions of the check. A small problem is never stopped, so that it always has
 * an answer. */
static rein_placement_check_options limits_of(const rein_plan_options *options, size_t count) {
    if (count <= LISTED_PER_STOP_CHECK) {
        return (rein_placement_check_options){.clock = NULL};
    }
    return (rein_placement_check_options){options->clock, options->deadline, options->cancel};
}

fixed_conflict rein_i_fixed_find_conflict(const rein_plan_problem *problem,
                                          const rein_plan_options *options,
                                          rein_workspace workspace) {
    if (problem->fixed_offsets == NULL) {
        return (fixed_conflict){.exists = false};
    }
    arena memory = {workspace.memory, 0};
    rein_tensor_lifetime *lifetimes = arena_take_memory(&memory, problem->count, sizeof *lifetimes);
    uint64_t *offsets = arena_take_memory(&memory, problem->count, sizeof *offsets);
    size_t count = collect_fixed(problem, lifetimes, offsets);
    rein_workspace rest = {memory.base + memory.used_bytes,
                           workspace.size_bytes - memory.used_bytes};
    const rein_placement_check_options limits = limits_of(options, problem->count);
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_placement_check_until(lifetimes, count, offsets, &limits, rest));
    if (verdict.fault != REIN_PLACEMENT_OVERLAP) {
        return (fixed_conflict){.is_unknown = verdict.fault == REIN_PLACEMENT_UNCHECKED};
    }
    return (fixed_conflict){true, false, lifetimes[verdict.first].tensor.value,
                            lifetimes[verdict.second].tensor.value, verdict.instant};
}
