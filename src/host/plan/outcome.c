#include "host/plan/outcome.h"

#include "host/contract/stop.h"
#include "host/plan/problem.h"

static uint64_t live_at(const rein_plan_problem *problem, int64_t instant) {
    uint64_t live = 0;
    for (size_t row = 0; row < problem->count; row++) {
        live += problem_live_bytes(problem, row, instant);
    }
    return live;
}

rein_plan_outcome rein_i_outcome_of_stop(const rein_plan_problem *problem,
                                         const rein_plan_options *options,
                                         uint64_t capacity_bytes) {
    size_t largest = 0;
    for (size_t row = 1; row < problem->count; row++) {
        bool is_larger =
            problem->lifetimes[row].size_bytes > problem->lifetimes[largest].size_bytes;
        largest = is_larger ? row : largest;
    }
    int64_t instant = problem->lifetimes[largest].from;
    uint64_t live = live_at(problem, instant);
    bool is_refuted = live > capacity_bytes;
    rein_plan_stop stop =
        stop_is_cancelled(options->cancel) ? REIN_PLAN_STOP_CANCEL : REIN_PLAN_STOP_DEADLINE;
    return (rein_plan_outcome){
        .answer = is_refuted ? REIN_PLAN_CANNOT : REIN_PLAN_UNKNOWN,
        .height_bytes = UINT64_MAX,
        .lower_bound_bytes = live,
        .proof = REIN_PLAN_PROOF_PEAK,
        .instant = instant,
        .stop = is_refuted ? REIN_PLAN_STOP_DONE : stop,
    };
}

rein_plan_outcome rein_i_outcome_of_conflict(const fixed_conflict *conflict) {
    return (rein_plan_outcome){
        .answer = REIN_PLAN_CANNOT,
        .height_bytes = UINT64_MAX,
        .lower_bound_bytes = UINT64_MAX,
        .proof = REIN_PLAN_PROOF_FIXED,
        .instant = conflict->instant,
        .first_row = conflict->first,
        .second_row = conflict->second,
        .stop = REIN_PLAN_STOP_DONE,
    };
}

static void write_offsets(const planner *pl, uint64_t *out_offsets) {
    const rein_plan_problem *problem = pl->problem;
    for (size_t i = 0; i < problem->count; i++) {
        bool is_fixed =
            problem->fixed_offsets != NULL && problem->fixed_offsets[i] != REIN_PLAN_FREE;
        out_offsets[i] = is_fixed ? problem->fixed_offsets[i] : 0;
    }
    for (uint32_t i = 0; i < pl->in.count; i++) {
        out_offsets[pl->in.source[i]] = pl->best.offset[i] * pl->in.granule_bytes;
    }
}

static rein_plan_proof proof_of(const planner *pl, bool is_logged) {
    if (pl->lower_bound == pl->in.peak) {
        return REIN_PLAN_PROOF_PEAK;
    }
    if (pl->lower_bound == pl->fixed_end) {
        return REIN_PLAN_PROOF_FIXED;
    }
    return is_logged ? REIN_PLAN_PROOF_REFUTATION : REIN_PLAN_PROOF_SEARCH;
}

rein_plan_outcome rein_i_outcome_of_planner(const planner *pl, rein_plan_answer answer,
                                            bool is_logged, uint64_t *out_offsets) {
    if (pl->best.exists) {
        write_offsets(pl, out_offsets);
    }
    rein_plan_proof proof = proof_of(pl, is_logged);
    size_t row = proof == REIN_PLAN_PROOF_FIXED ? pl->fixed_row : 0;
    return (rein_plan_outcome){
        .answer = answer,
        .height_bytes = pl->best.exists ? pl->best.height * pl->in.granule_bytes : UINT64_MAX,
        .lower_bound_bytes = pl->lower_bound * pl->in.granule_bytes,
        .proof = proof,
        .instant = pl->in.count == 0 ? 0 : pl->in.instant[pl->in.peak_section],
        .first_row = row,
        .second_row = row,
        .steps = pl->se.steps,
        .stop = answer == REIN_PLAN_UNKNOWN ? pl->stop : REIN_PLAN_STOP_DONE,
    };
}
