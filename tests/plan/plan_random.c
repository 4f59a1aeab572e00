/* Compares the planner with brute force on random problems.
 *
 *     plan_random FIRST_SEED COUNT [MOST]
 *
 * Each seed is a problem of up to MOST tensors (default 8), some with alignments, fixed offsets or
 * empty tensors. The least height must equal that of brute force, and every capacity around it must
 * get the right answer. Every placement is checked. Every refutation is replayed, and must not
 * refute the least height. If fixed tensors obstruct each other so that nothing fits, the answer
 * may be unknown; these cases are counted. Prints each seed that fails; exits with 1 if there is
 * one. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "plan/plan.h"
#include "plan_case.h"

enum { LOG_CAPACITY = 1 << 16, ALL_EFFORT = 1000000, AROUND = 3, DEFAULT_MOST = 8 };

static uint32_t words[LOG_CAPACITY];

typedef struct run {
    rein_workspace workspace;
    rein_workspace replay;
    uint64_t replay_bytes;
    uint64_t offsets[PLAN_CASE_TENSORS_MAX];
    /* Counts of what was seen. */
    uint64_t fitted;
    uint64_t impossible;
    uint64_t above_peak;
    uint64_t replayed;
    uint64_t fixed;
    uint64_t undecided;
    uint64_t failed;
} run;

static bool is_placed(run *r, const plan_case *pc, uint64_t height) {
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_placement_check(pc->lifetimes, pc->count, r->offsets, r->workspace));
    bool is_sound = verdict.fault == REIN_PLACEMENT_SOUND;
    for (size_t i = 0; i < pc->count; i++) {
        const rein_tensor_lifetime *lifetime = &pc->lifetimes[i];
        uint64_t fixed = pc->fixed_offsets[i];
        is_sound &= fixed == REIN_PLAN_FREE || r->offsets[i] == fixed;
        is_sound &= lifetime->size_bytes == 0 || r->offsets[i] + lifetime->size_bytes <= height;
    }
    return is_sound;
}

static bool refutes(run *r, const rein_plan_problem *problem, uint64_t capacity,
                    const rein_plan_log *log) {
    uint64_t bytes = REIN_UNWRAP(rein_plan_refutation_workspace_bytes(problem->count, log));
    if (bytes > r->replay_bytes) {
        free(r->replay.memory);
        r->replay_bytes = bytes;
        r->replay.memory = malloc(bytes);
    }
    r->replay.size_bytes = bytes;
    return REIN_UNWRAP(rein_plan_check_refutation(problem, capacity, log, NULL, r->replay))
        .is_valid;
}

/* Returns whether the certificate holds. A refutation must not refute the least height. */
static bool is_certified(run *r, const plan_case *pc, uint64_t capacity, uint64_t least,
                         const rein_plan_outcome *outcome, const rein_plan_log *log) {
    rein_plan_problem problem = plan_case_problem(pc);
    if (outcome->height_bytes != UINT64_MAX && !is_placed(r, pc, outcome->height_bytes)) {
        return false;
    }
    if (outcome->proof != REIN_PLAN_PROOF_REFUTATION) {
        return true;
    }
    r->replayed++;
    return refutes(r, &problem, capacity, log) &&
           (least == UINT64_MAX || !refutes(r, &problem, least, log));
}

/* Returns whether nothing fits because of the fixed tensors, but the effort did not prove it. */
static bool is_left_open(run *r, uint64_t least, const rein_plan_outcome *outcome) {
    bool is_open = least == UINT64_MAX && outcome->answer == REIN_PLAN_UNKNOWN &&
                   outcome->height_bytes == UINT64_MAX;
    r->undecided += is_open;
    return is_open;
}

static bool decides(run *r, const plan_case *pc, uint64_t capacity, uint64_t least, uint64_t seed) {
    rein_plan_problem problem = plan_case_problem(pc);
    rein_plan_options options = {.effort_steps = ALL_EFFORT, .seed = seed};
    rein_plan_log log = {words, LOG_CAPACITY, 0};
    rein_plan_outcome outcome =
        REIN_UNWRAP(rein_plan_decide(&problem, capacity, &options, r->workspace, r->offsets, &log));
    if (is_left_open(r, least, &outcome)) {
        return true;
    }
    bool does_fit = least != UINT64_MAX && capacity >= least;
    return outcome.answer == (does_fit ? REIN_PLAN_FITS : REIN_PLAN_CANNOT) &&
           outcome.lower_bound_bytes <= least && outcome.height_bytes >= least &&
           (!does_fit || outcome.height_bytes <= capacity) &&
           (does_fit || outcome.proof != REIN_PLAN_PROOF_SEARCH) &&
           is_certified(r, pc, capacity, least, &outcome, &log);
}

static bool minimises(run *r, const plan_case *pc, uint64_t least, uint64_t seed) {
    rein_plan_problem problem = plan_case_problem(pc);
    rein_plan_options options = {.effort_steps = ALL_EFFORT, .seed = seed};
    rein_plan_log log = {words, LOG_CAPACITY, 0};
    rein_plan_outcome outcome =
        REIN_UNWRAP(rein_plan_minimise(&problem, &options, r->workspace, r->offsets, &log));
    bool exists = least != UINT64_MAX;
    if (is_left_open(r, least, &outcome)) {
        return true;
    }
    r->above_peak += exists && outcome.proof != REIN_PLAN_PROOF_PEAK;
    return outcome.answer == (exists ? REIN_PLAN_FITS : REIN_PLAN_CANNOT) &&
           outcome.height_bytes == least && outcome.lower_bound_bytes == least &&
           outcome.proof != REIN_PLAN_PROOF_SEARCH &&
           is_certified(r, pc, exists ? least - 1 : 1000, least, &outcome, &log);
}

static bool is_right(run *r, const plan_case *pc, uint64_t seed) {
    uint64_t least = plan_case_least_height(pc);
    bool exists = least != UINT64_MAX;
    for (size_t i = 0; i < pc->count; i++) {
        if (pc->fixed_offsets[i] != REIN_PLAN_FREE) {
            r->fixed++;
            break;
        }
    }
    r->fitted += exists;
    r->impossible += !exists;
    bool right = minimises(r, pc, least, seed % 7);
    uint64_t from = exists && least > AROUND ? least - AROUND : 0;
    uint64_t until = exists ? least + AROUND : AROUND;
    for (uint64_t capacity = from; right && capacity < until; capacity++) {
        right = decides(r, pc, capacity, least, seed % 5);
    }
    return right && decides(r, pc, UINT64_MAX, least, 0);
}

int main(int argc, char **argv) {
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    uint64_t most = argc > 3 ? strtoull(argv[3], NULL, 10) : DEFAULT_MOST;
    if (count == 0 || most == 0 || most > PLAN_CASE_TENSORS_MAX) {
        fprintf(stderr, "usage: plan_random FIRST_SEED COUNT [MOST]\n");
        return 2;
    }
    run r = {0};
    r.workspace.size_bytes = REIN_UNWRAP(rein_plan_workspace_bytes(PLAN_CASE_TENSORS_MAX));
    r.workspace.memory = malloc(r.workspace.size_bytes);
    for (uint64_t seed = first; seed < first + count; seed++) {
        plan_case pc = plan_case_make(seed, most);
        if (!is_right(&r, &pc, seed)) {
            r.failed++;
            printf("seed %" PRIu64 " of up to %" PRIu64 " tensors: wrong\n", seed, most);
        }
    }
    printf("seeds %" PRIu64 " to %" PRIu64 ", up to %" PRIu64 " tensors: %" PRIu64
           " have a least height, %" PRIu64 " of them above the peak; %" PRIu64
           " have none; %" PRIu64 " with fixed offsets; %" PRIu64 " refutations replayed; %" PRIu64
           " undecided; %" PRIu64 " wrong\n",
           first, first + count - 1, most, r.fitted, r.above_peak, r.impossible, r.fixed,
           r.replayed, r.undecided, r.failed);
    free(r.workspace.memory);
    free(r.replay.memory);
    bool saw_all = r.above_peak > 0 && r.impossible > 0 && r.replayed > 0 && r.fixed > 0;
    return r.failed == 0 && saw_all ? 0 : 1;
}
