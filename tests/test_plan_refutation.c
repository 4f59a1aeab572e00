#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "contract/plan.h"
#include "plan_case.h"

enum { ROUNDS = 2000, BRUTE_FORCE_MOST = 7, LOG_CAPACITY = 1 << 16, ALL_EFFORT = 1000000 };

static uint32_t words[LOG_CAPACITY];

static rein_workspace workspace_of(rein_result_bytes bytes) {
    rein_workspace workspace = {malloc(REIN_VALUE(bytes)), REIN_VALUE(bytes)};
    cr_assert(workspace.memory != NULL, "memory");
    return workspace;
}

/* The refutation of the least height less one; its length is 0 where the peak is the proof. */
static rein_plan_log refute(const plan_case *pc, uint64_t *out_least) {
    rein_plan_problem problem = plan_case_problem(pc);
    rein_workspace workspace = workspace_of(rein_plan_workspace_bytes(pc->count));
    uint64_t offsets[PLAN_CASE_MOST];
    rein_plan_log log = {words, LOG_CAPACITY, 0};
    rein_plan_options options = {.effort_steps = ALL_EFFORT};
    rein_plan_outcome outcome = REIN_UNWRAP(
        rein_result_plan_outcome, rein_plan_minimise(&problem, &options, workspace, offsets, &log));
    cr_assert(outcome.proof == REIN_PLAN_PROOF_PEAK || outcome.proof == REIN_PLAN_PROOF_REFUTATION,
              "proven");
    *out_least = outcome.answer == REIN_PLAN_FITS ? outcome.height_bytes : UINT64_MAX;
    free(workspace.memory);
    return log;
}

static rein_plan_refutation_verdict replay(const plan_case *pc, uint64_t capacity,
                                           const rein_plan_log *log) {
    rein_plan_problem problem = plan_case_problem(pc);
    rein_workspace workspace = workspace_of(rein_plan_refutation_workspace_bytes(pc->count, log));
    memset(workspace.memory, 0x5A, workspace.size_bytes);
    rein_plan_refutation_verdict verdict =
        REIN_UNWRAP(rein_result_plan_refutation_verdict,
                    rein_plan_check_refutation(&problem, capacity, log, workspace));
    free(workspace.memory);
    return verdict;
}

Test(refutation, is_accepted_where_it_holds_and_only_there) {
    int refuted = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        plan_case pc = plan_case_make(round, BRUTE_FORCE_MOST);
        uint64_t least = 0;
        rein_plan_log log = refute(&pc, &least);
        if (log.length == 0 || least == UINT64_MAX) {
            continue;
        }
        refuted++;
        cr_assert(replay(&pc, least - 1, &log).is_valid, "round %zu: holds", (size_t)round);
        cr_assert(!replay(&pc, least, &log).is_valid, "round %zu: the least height fits",
                  (size_t)round);
    }
    cr_assert(refuted > ROUNDS / 20, "refutations were seen: %d", refuted);
}

Test(refutation, of_tight_cases_is_accepted) {
    int refuted = 0;
    for (uint64_t round = 0; round < 800; round++) {
        plan_case pc = plan_case_make_tight(round, 20 + round % 16, 16);
        uint64_t least = 0;
        rein_plan_log log = refute(&pc, &least);
        if (log.length > 0) {
            refuted++;
            cr_assert(replay(&pc, least - 1, &log).is_valid, "round %zu", (size_t)round);
        }
    }
    cr_assert(refuted > 5, "refutations were seen: %d", refuted);
}

/* Whatever a log says, it must not refute a capacity that some placement keeps. */
Test(refutation, never_refutes_what_fits_however_it_is_changed) {
    int changed = 0;
    for (uint64_t round = 0; round < ROUNDS / 4; round++) {
        plan_case pc = plan_case_make(round, BRUTE_FORCE_MOST);
        uint64_t least = 0;
        rein_plan_log log = refute(&pc, &least);
        for (size_t i = 0; i < log.length && i < 40 && least != UINT64_MAX; i++) {
            uint32_t kept = words[i];
            for (uint32_t word = 0; word < 2 * pc.count + 2; word++) {
                words[i] = word;
                changed++;
                cr_assert(!replay(&pc, least, &log).is_valid, "round %zu, word %zu", (size_t)round,
                          i);
            }
            words[i] = kept;
        }
    }
    cr_assert(changed > 1000, "logs were changed: %d", changed);
}

Test(refutation, is_rejected_when_cut_or_continued) {
    for (uint64_t round = 0; round < ROUNDS / 4; round++) {
        plan_case pc = plan_case_make(round, BRUTE_FORCE_MOST);
        uint64_t least = 0;
        rein_plan_log log = refute(&pc, &least);
        if (log.length == 0) {
            continue;
        }
        uint64_t capacity = least == UINT64_MAX ? 1000 : least - 1;
        rein_plan_log longer = {words, LOG_CAPACITY, log.length + 1};
        words[log.length] = 0;
        cr_assert(!replay(&pc, capacity, &longer).is_valid, "round %zu: continued", (size_t)round);
        for (size_t length = 0; length < log.length; length++) {
            rein_plan_log shorter = {words, LOG_CAPACITY, length};
            rein_plan_refutation_verdict verdict = replay(&pc, capacity, &shorter);
            cr_assert(!verdict.is_valid, "round %zu: cut", (size_t)round);
            cr_assert(verdict.position == length, "round %zu: says where", (size_t)round);
        }
    }
}

Test(refutation, by_the_peak_needs_no_words) {
    plan_case pc = plan_case_make_tight(1, 12, 20);
    uint64_t least = 0;
    (void)refute(&pc, &least);
    rein_plan_log empty = {NULL, 0, 0};
    cr_assert(replay(&pc, 0, &empty).is_valid, "no bytes at all");
    cr_assert(!replay(&pc, least, &empty).is_valid, "the least height");
}

Test(refutation, that_does_not_fit_its_log_is_none) {
    for (uint64_t round = 0; round < ROUNDS; round++) {
        plan_case pc = plan_case_make(round, BRUTE_FORCE_MOST);
        uint64_t least = 0;
        size_t length = refute(&pc, &least).length;
        if (length < 4) {
            continue;
        }
        rein_plan_problem problem = plan_case_problem(&pc);
        rein_workspace workspace = workspace_of(rein_plan_workspace_bytes(pc.count));
        uint64_t offsets[PLAN_CASE_MOST];
        rein_plan_log small = {words, length - 1, 0};
        rein_plan_options options = {.effort_steps = ALL_EFFORT};
        rein_plan_outcome outcome =
            REIN_UNWRAP(rein_result_plan_outcome,
                        rein_plan_minimise(&problem, &options, workspace, offsets, &small));
        cr_assert(outcome.proof == REIN_PLAN_PROOF_SEARCH, "proven, but not on record");
        cr_assert(small.length == length, "says how long it would be");
        free(workspace.memory);
        return;
    }
}

Test(refutation, refuses_bad_input) {
    plan_case pc = plan_case_make_tight(1, 12, 20);
    rein_plan_problem problem = plan_case_problem(&pc);
    rein_plan_log log = {words, LOG_CAPACITY, 3};
    rein_workspace workspace = workspace_of(rein_plan_refutation_workspace_bytes(12, &log));
    rein_workspace small = {workspace.memory, workspace.size_bytes - 1};
    cr_assert(rein_result_plan_refutation_verdict_is_error(
                  rein_plan_check_refutation(&problem, 1, &log, small)),
              "a small workspace");
    cr_assert(rein_result_plan_refutation_verdict_is_error(
                  rein_plan_check_refutation(&problem, 1, NULL, workspace)),
              "no log");
    log.words = NULL;
    cr_assert(rein_result_plan_refutation_verdict_is_error(
                  rein_plan_check_refutation(&problem, 1, &log, workspace)),
              "no words");
    log.length = SIZE_MAX;
    cr_assert(rein_result_bytes_is_error(rein_plan_refutation_workspace_bytes(12, &log)),
              "a length that no memory holds");
    pc.lifetimes[3].until = pc.lifetimes[3].from;
    log = (rein_plan_log){words, LOG_CAPACITY, 0};
    cr_assert(rein_result_plan_refutation_verdict_is_error(
                  rein_plan_check_refutation(&problem, 1, &log, workspace)),
              "a broken row");
    free(workspace.memory);
}
