/* The entry point of the refutation replayer: its input and its workspace. */
#include "host/base/arena.h"
#include "host/contract/invalid.h"
#include "host/contract/lifetime_input.h"
#include "host/verify/replay_walk.h"

static size_t lay_out(replay_walk *walk, size_t count, const rein_plan_log *log, void *memory) {
    size_t most = count < REPLAY_TENSORS_MAX ? count : REPLAY_TENSORS_MAX;
    size_t citations = rein_i_replay_walk_count_citations(log);
    replay_state *state = &walk->state;
    arena left = {memory, 0};
    state->tensors = arena_take(&left, most, sizeof *state->tensors);
    state->now = arena_take(&left, most, sizeof *state->now);
    state->floor = arena_take(&left, most, sizeof *state->floor);
    state->total = arena_take(&left, most, sizeof *state->total);
    state->is_crossed = arena_take(&left, most + 1, sizeof *state->is_crossed);
    state->undos = arena_take(&left, most * REPLAY_UNDOS_PER_TENSOR, sizeof *state->undos);
    walk->nodes = arena_take(&left, most * WALK_NODES_PER_TENSOR, sizeof *walk->nodes);
    walk->citables = arena_take(&left, citations, sizeof *walk->citables);
    walk->saved = arena_take(&left, citations * most, sizeof *walk->saved);
    return left.used_bytes;
}

rein_result_bytes rein_plan_refutation_workspace_bytes(size_t count, const rein_plan_log *log) {
    if (log == NULL || (log->words == NULL && log->length > 0)) {
        return rein_result_bytes_fail(
            rein_i_invalid_error(REIN_HERE, "the log and its words" MUST_NOT_BE_NULL, 0, 0, 0));
    }
    if (log->length > SIZE_MAX / (2 * REPLAY_TENSORS_MAX * sizeof(tensor_state))) {
        return rein_result_bytes_fail(rein_i_invalid_error(
            REIN_HERE, "the workspace for a log of {u} words does not fit in the address space",
            log->length, 0, 0));
    }
    replay_walk walk;
    return rein_result_bytes_ok(lay_out(&walk, count, log, NULL));
}

static rein_result_void check_replay_input(const rein_plan_problem *problem,
                                           const rein_plan_log *log, rein_workspace workspace) {
    REIN_TRY(rein_result_void, rein_plan_validate(problem));
    uint64_t needed =
        REIN_TRY(rein_result_void, rein_plan_refutation_workspace_bytes(problem->count, log));
    return rein_i_workspace_check(workspace, needed, REIN_HERE);
}

rein_result_plan_refutation_verdict
rein_plan_check_refutation(const rein_plan_problem *problem, uint64_t capacity_bytes,
                           const rein_plan_log *log, const rein_plan_replay_options *options,
                           rein_workspace workspace) {
    static const rein_plan_replay_options without_end;
    REIN_TRY(rein_result_plan_refutation_verdict, check_replay_input(problem, log, workspace));
    uint64_t capacity =
        capacity_bytes < REIN_PLACEMENT_BYTES_MAX ? capacity_bytes : REIN_PLACEMENT_BYTES_MAX;
    replay_walk walk = {.log = log, .state = {.capacity = capacity}};
    (void)lay_out(&walk, problem->count, log, workspace.memory);
    rein_plan_refutation_verdict verdict = {.is_valid = false, .stop = REIN_PLAN_STOP_DONE};
    if (rein_i_replay_collect(&walk.state, problem)) {
        verdict.is_valid = rein_i_replay_walk_replay(
            &walk, options == NULL ? &without_end : options, &verdict.stop);
        verdict.position = walk.position;
    }
    return rein_result_plan_refutation_verdict_ok(verdict);
}
