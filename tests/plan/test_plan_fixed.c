/* Bounds and conflicts that fixed tensors prove alone. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "plan/plan.h"

static rein_tensor_lifetime make(int64_t from, int64_t until, uint64_t size) {
    return (rein_tensor_lifetime){rein_tensor_id_make(0), from, until, size, 1};
}

static rein_plan_outcome answer(const rein_plan_problem *problem, bool decides, uint64_t capacity,
                                uint64_t *offsets, rein_plan_log *log) {
    uint64_t bytes = REIN_UNWRAP(rein_plan_workspace_bytes(problem->count));
    rein_workspace workspace = {malloc(bytes), bytes};
    rein_result_plan_outcome result =
        decides ? rein_plan_decide(problem, capacity, NULL, workspace, offsets, log)
                : rein_plan_minimise(problem, NULL, workspace, offsets, log);
    free(workspace.memory);
    return REIN_UNWRAP(result);
}

Test(plan_fixed, two_that_overlap_are_named_without_effort) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 9, 3), make(0, 5, 10), make(0, 9, 0),
                                              make(4, 8, 10), make(5, 9, 10)};
    const uint64_t fixed[] = {REIN_PLAN_FREE, 0, 5, 9, 20};
    const rein_plan_problem problem = {lifetimes, 5, fixed};
    uint64_t offsets[] = {7, 7, 7, 7, 7};
    uint32_t word = 0;
    rein_plan_log log = {&word, 1, 1};
    for (int decides = 0; decides < 2; decides++) {
        rein_plan_outcome outcome = answer(&problem, decides == 1, UINT64_MAX, offsets, &log);
        cr_assert(outcome.answer == REIN_PLAN_CANNOT, "nothing fits");
        cr_assert(outcome.proof == REIN_PLAN_PROOF_FIXED, "for that reason");
        size_t sum = outcome.first_row + outcome.second_row;
        cr_assert(sum == 4 && outcome.first_row != outcome.second_row && outcome.first_row % 2 == 1,
                  "rows %zu and %zu", outcome.first_row, outcome.second_row);
        cr_assert(outcome.instant == 4, "both are alive there");
        cr_assert(outcome.lower_bound_bytes == UINT64_MAX && outcome.steps == 0, "no search");
        cr_assert(offsets[0] == 7 && offsets[4] == 7, "the offsets are as they were");
        cr_assert(log.length == 0, "no refutation");
    }
}

static rein_plan_outcome minimise_within(const rein_plan_problem *problem,
                                         const rein_plan_options *options) {
    uint64_t bytes = REIN_UNWRAP(rein_plan_workspace_bytes(problem->count));
    rein_workspace workspace = {malloc(bytes), bytes};
    uint64_t offsets[2];
    rein_result_plan_outcome result =
        rein_plan_minimise(problem, options, workspace, offsets, NULL);
    free(workspace.memory);
    return REIN_UNWRAP(result);
}

Test(plan_fixed, a_few_are_checked_although_the_call_is_stopped) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 2, 10), make(1, 3, 10)};
    const uint64_t overlapping[] = {0, 5};
    const uint64_t apart[] = {0, 15};
    const bool is_cancelled = true;
    const rein_plan_options options = {.cancel = &is_cancelled};
    rein_plan_problem problem = {lifetimes, 2, overlapping};
    rein_plan_outcome outcome = minimise_within(&problem, &options);
    cr_assert(outcome.answer == REIN_PLAN_CANNOT && outcome.proof == REIN_PLAN_PROOF_FIXED,
              "named");
    problem.fixed_offsets = apart;
    outcome = minimise_within(&problem, &options);
    cr_assert(outcome.height_bytes == 25, "height %llu", (unsigned long long)outcome.height_bytes);
}

Test(plan_fixed, end_above_the_capacity_is_the_proof) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 2, 4), make(0, 2, 6), make(5, 6, 8)};
    const uint64_t fixed[] = {REIN_PLAN_FREE, 30, REIN_PLAN_FREE};
    const rein_plan_problem problem = {lifetimes, 3, fixed};
    uint64_t offsets[3];
    rein_plan_outcome outcome = answer(&problem, true, 35, offsets, NULL);
    cr_assert(outcome.answer == REIN_PLAN_CANNOT && outcome.proof == REIN_PLAN_PROOF_FIXED,
              "one byte too few");
    cr_assert(outcome.first_row == 1 && outcome.second_row == 1, "the row");
    cr_assert(outcome.lower_bound_bytes == 36 && outcome.height_bytes == 36, "the least height");
    outcome = answer(&problem, true, 36, offsets, NULL);
    cr_assert(outcome.answer == REIN_PLAN_FITS, "its end");
    outcome = answer(&problem, false, 0, offsets, NULL);
    cr_assert(outcome.answer == REIN_PLAN_FITS && outcome.height_bytes == 36, "the least");
    cr_assert(outcome.proof == REIN_PLAN_PROOF_FIXED && outcome.steps == 0, "proven at once");
}

/* So many that comparing all pairs would take too long. */
Test(plan_fixed, tensors_are_many) {
    enum { COUNT = 100000 };
    rein_tensor_lifetime *lifetimes = calloc(COUNT, sizeof *lifetimes);
    uint64_t *fixed = calloc(COUNT, sizeof *fixed);
    uint64_t *offsets = calloc(COUNT, sizeof *offsets);
    for (size_t i = 0; i < COUNT; i++) {
        lifetimes[i] = make((int64_t)i, COUNT + 1, 2);
        fixed[i] = 2 * i;
    }
    fixed[77777] = 3001;
    const rein_plan_problem problem = {lifetimes, COUNT, fixed};
    rein_plan_outcome outcome = answer(&problem, false, 0, offsets, NULL);
    cr_assert(outcome.answer == REIN_PLAN_CANNOT && outcome.instant == 77777, "found");
    bool is_first = outcome.first_row == 77777;
    size_t other = is_first ? outcome.second_row : outcome.first_row;
    cr_assert((is_first || outcome.second_row == 77777) && (other == 1500 || other == 1501),
              "rows %zu and %zu", outcome.first_row, outcome.second_row);
    free(offsets);
    free(fixed);
    free(lifetimes);
}
