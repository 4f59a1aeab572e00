/* Compares the planner on small problems and with little effort to brute force: an answer is right,
 * or says that the effort was used up. Its results pass the independent checker and the
 * replayer. */
#include "fuzz_plan_case.h"

enum { LOG_CAPACITY = 1 << 12 };

static uint32_t words[LOG_CAPACITY];

static void require_placed(const plan_case *pc, const uint64_t *offsets, uint64_t height,
                           rein_workspace workspace) {
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_placement_check(pc->lifetimes, pc->count, offsets, workspace));
    require(verdict.fault == REIN_PLACEMENT_SOUND, "the placement is sound");
    for (size_t i = 0; i < pc->count; i++) {
        uint64_t fixed = pc->fixed_offsets[i];
        require(fixed == REIN_PLAN_FREE || offsets[i] == fixed, "fixed tensors stay");
        uint64_t size = pc->lifetimes[i].size_bytes;
        require(size == 0 || offsets[i] + size <= height, "the placement is within its height");
    }
}

static void require_right(const plan_case *pc, uint64_t capacity, uint64_t least,
                          const rein_plan_outcome *outcome, const rein_plan_log *log) {
    require(outcome->lower_bound_bytes <= least, "the bound is at most the least height");
    require(outcome->height_bytes >= least, "the height is at least the least height");
    if (outcome->proof == REIN_PLAN_PROOF_REFUTATION && outcome->answer != REIN_PLAN_UNKNOWN) {
        require(fuzz_refutes(pc, capacity, log), "the refutation is replayed");
    }
}

static void decide(const plan_case *pc, uint64_t capacity, uint64_t least,
                   const rein_plan_options *options, rein_workspace workspace) {
    uint64_t offsets[PLAN_CASE_TENSORS_MAX];
    rein_plan_log log = {words, LOG_CAPACITY, 0};
    rein_plan_problem problem = plan_case_problem(pc);
    rein_plan_outcome outcome =
        REIN_UNWRAP(rein_plan_decide(&problem, capacity, options, workspace, offsets, &log));
    bool does_fit = least != UINT64_MAX && least <= capacity;
    require(outcome.answer == REIN_PLAN_UNKNOWN ||
                outcome.answer == (does_fit ? REIN_PLAN_FITS : REIN_PLAN_CANNOT),
            "a decision is right");
    require(outcome.answer != REIN_PLAN_FITS || outcome.height_bytes <= capacity,
            "the height is within the capacity");
    require_right(pc, capacity, least, &outcome, &log);
    if (outcome.height_bytes != UINT64_MAX) {
        require_placed(pc, offsets, outcome.height_bytes, workspace);
    }
}

static void minimise(const plan_case *pc, uint64_t least, const rein_plan_options *options,
                     rein_workspace workspace) {
    uint64_t offsets[PLAN_CASE_TENSORS_MAX];
    rein_plan_log log = {words, LOG_CAPACITY, 0};
    rein_plan_problem problem = plan_case_problem(pc);
    rein_plan_outcome outcome =
        REIN_UNWRAP(rein_plan_minimise(&problem, options, workspace, offsets, &log));
    require(outcome.answer != REIN_PLAN_FITS || outcome.height_bytes == least,
            "the least height is right");
    require(outcome.answer != REIN_PLAN_CANNOT || least == UINT64_MAX, "something fits somewhere");
    if (outcome.answer == REIN_PLAN_FITS) {
        require_right(pc, least - 1, least, &outcome, &log);
    }
    if (outcome.height_bytes != UINT64_MAX) {
        require_placed(pc, offsets, outcome.height_bytes, workspace);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    choices from = {data, size};
    plan_case pc = choose_plan_case(&from);
    uint64_t least = plan_case_least_height(&pc);
    rein_plan_options options = {.effort_steps = (uint64_t)choose_byte(&from) * 8,
                                 .seed = choose_byte(&from)};
    rein_workspace workspace = fuzz_workspace(REIN_UNWRAP(rein_plan_workspace_bytes(pc.count)));
    uint64_t around = least == UINT64_MAX ? choose_number(&from) : least + choose_below(&from, 5);
    minimise(&pc, least, &options, workspace);
    decide(&pc, around < 2 ? 0 : around - 2, least, &options, workspace);
    decide(&pc, choose_number(&from), least, &options, workspace);
    free(workspace.memory);
    return 0;
}
