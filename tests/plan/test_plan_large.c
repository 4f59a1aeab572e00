/* Problems that are too large for the exact search: how close the heuristics come to the bound. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>

#include "plan/plan.h"
#include "plan_case.h"
#include "plan_shapes.h"
#include "test_divisor.h"

/* Both are more than the search takes, with any divisor. Coverage, with a divisor of 2, needs more
 * pairs of VERY_MANY than the heuristics compare. */
enum { MANY = 20000 / TEST_DIVISOR, VERY_MANY = TEST_DIVISOR > 2 ? 25000 : 100000 };

typedef struct large_case {
    rein_tensor_lifetime *lifetimes;
    uint64_t *offsets;
    size_t count;
    rein_workspace workspace;
} large_case;

static large_case large_case_make(plan_shape shape, size_t count) {
    uint64_t bytes = REIN_UNWRAP(rein_plan_workspace_bytes(count));
    large_case lc = {calloc(count, sizeof(rein_tensor_lifetime)),
                     calloc(count, sizeof(uint64_t)),
                     count,
                     {malloc(bytes), bytes}};
    plan_shape_make(shape, count, 1, lc.lifetimes);
    return lc;
}

static void large_case_free(large_case *lc) {
    free(lc->workspace.memory);
    free(lc->offsets);
    free(lc->lifetimes);
}

static rein_plan_outcome minimise(large_case *lc, const uint64_t *fixed, uint64_t effort) {
    rein_plan_problem problem = {lc->lifetimes, lc->count, fixed};
    rein_plan_options options = {.effort_steps = effort};
    return REIN_UNWRAP(rein_plan_minimise(&problem, &options, lc->workspace, lc->offsets, NULL));
}

static void assert_sound(const large_case *lc, uint64_t height) {
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_placement_check(lc->lifetimes, lc->count, lc->offsets, lc->workspace));
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND, "sound");
    cr_assert(verdict.height_bytes == height, "its own height");
}

static double gap_percent(const rein_plan_outcome *outcome) {
    return 100 * ((double)outcome->height_bytes / (double)outcome->lower_bound_bytes - 1);
}

/* The largest measured gap plus a margin. The larger the problem, the smaller the gap. */
Test(plan_large, of_every_shape_is_sound_and_near_the_bound) {
    static const double most_percent[PLAN_SHAPE_COUNT] = {
        [PLAN_SHAPE_SCALES] = 6,     [PLAN_SHAPE_UNIFORM] = 2,     [PLAN_SHAPE_FEW_LONG] = 2,
        [PLAN_SHAPE_CLUSTERED] = 1,  [PLAN_SHAPE_EQUAL_SIZES] = 1, [PLAN_SHAPE_SLIDING] = 12,
        [PLAN_SHAPE_TRAINING] = 0.5, [PLAN_SHAPE_ALIGNED] = 6,     [PLAN_SHAPE_HEAVY_TAILED] = 2};
    for (int shape = 0; shape < PLAN_SHAPE_COUNT; shape++) {
        large_case lc = large_case_make((plan_shape)shape, MANY);
        rein_plan_outcome outcome = minimise(&lc, NULL, 0);
        assert_sound(&lc, outcome.height_bytes);
        double gap = gap_percent(&outcome);
        cr_assert(gap <= most_percent[shape] * TEST_DIVISOR, "%s: %f%%",
                  plan_shape_name((plan_shape)shape), gap);
        bool is_exact = outcome.height_bytes == outcome.lower_bound_bytes;
        cr_assert((outcome.answer == REIN_PLAN_FITS) == is_exact, "says whether it is exact");
        cr_assert(is_exact || outcome.stop == REIN_PLAN_STOP_SIZE, "and why not");
        cr_assert(outcome.steps == 0, "without effort");
        large_case_free(&lc);
    }
}

/* Each tensor overlaps half of all others in time: without boxes, that takes quadratic time. */
Test(plan_large, of_very_many_that_overlap_is_near_the_bound) {
    static const plan_shape shapes[] = {PLAN_SHAPE_UNIFORM, PLAN_SHAPE_SLIDING, PLAN_SHAPE_NESTED};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        large_case lc = large_case_make(shapes[i], VERY_MANY);
        rein_plan_outcome outcome = minimise(&lc, NULL, 0);
        assert_sound(&lc, outcome.height_bytes);
        cr_assert(gap_percent(&outcome) < 5 * TEST_DIVISOR, "%s: %f%%", plan_shape_name(shapes[i]),
                  gap_percent(&outcome));
        large_case_free(&lc);
    }
}

/* Fixes every tenth tensor at its offset in a first plan, so a placement exists. */
Test(plan_large, keeps_fixed_tensors_where_they_are) {
    static const plan_shape shapes[] = {PLAN_SHAPE_SCALES, PLAN_SHAPE_UNIFORM};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        large_case lc = large_case_make(shapes[i], MANY);
        uint64_t *fixed = calloc(lc.count, sizeof *fixed);
        (void)minimise(&lc, NULL, 0);
        for (size_t row = 0; row < lc.count; row++) {
            fixed[row] = row % 10 == 0 ? lc.offsets[row] : REIN_PLAN_FREE;
        }
        rein_plan_outcome outcome = minimise(&lc, fixed, 0);
        assert_sound(&lc, outcome.height_bytes);
        for (size_t row = 0; row < lc.count; row += 10) {
            cr_assert(lc.offsets[row] == fixed[row], "row %zu stays", row);
        }
        free(fixed);
        large_case_free(&lc);
    }
}

enum { PARTS = 220, PART_COUNT = 30, PART_TIME = 100, ALL_EFFORT = 10000000 };

/* Returns small tight problems one after the other in time. The least height of the whole is that
 * of the highest part. */
static large_case parts_in_a_row(uint64_t *out_least) {
    large_case lc = large_case_make(PLAN_SHAPE_SCALES, (size_t)PARTS * PART_COUNT);
    uint64_t offsets[PLAN_CASE_TENSORS_MAX];
    *out_least = 0;
    for (size_t part = 0; part < PARTS; part++) {
        plan_case pc = plan_case_make_tight(part, PART_COUNT, 16);
        rein_plan_problem problem = plan_case_problem(&pc);
        rein_plan_options options = {.effort_steps = ALL_EFFORT};
        rein_plan_outcome outcome =
            REIN_UNWRAP(rein_plan_minimise(&problem, &options, lc.workspace, offsets, NULL));
        *out_least = outcome.height_bytes > *out_least ? outcome.height_bytes : *out_least;
        for (size_t i = 0; i < PART_COUNT; i++) {
            pc.lifetimes[i].from += (int64_t)(part * PART_TIME);
            pc.lifetimes[i].until += (int64_t)(part * PART_TIME);
            lc.lifetimes[part * PART_COUNT + i] = pc.lifetimes[i];
        }
    }
    return lc;
}

static rein_plan_outcome decide(large_case *lc, uint64_t capacity, uint64_t effort) {
    rein_plan_problem problem = {lc->lifetimes, lc->count, NULL};
    rein_plan_options options = {.effort_steps = effort};
    return REIN_UNWRAP(
        rein_plan_decide(&problem, capacity, &options, lc->workspace, lc->offsets, NULL));
}

Test(plan_large, is_exact_if_its_parts_are_small) {
    uint64_t least = 0;
    large_case lc = parts_in_a_row(&least);
    rein_plan_outcome outcome = minimise(&lc, NULL, ALL_EFFORT);
    cr_assert(outcome.answer == REIN_PLAN_FITS && outcome.height_bytes == least, "%zu for %zu",
              (size_t)outcome.height_bytes, (size_t)least);
    cr_assert(outcome.proof == REIN_PLAN_PROOF_SEARCH, "above the peak");
    assert_sound(&lc, least);
    cr_assert(decide(&lc, least, ALL_EFFORT).answer == REIN_PLAN_FITS, "fits");
    outcome = decide(&lc, least - 1, ALL_EFFORT);
    cr_assert(outcome.answer == REIN_PLAN_CANNOT && outcome.lower_bound_bytes == least, "cannot");
    outcome = minimise(&lc, NULL, 3);
    cr_assert(outcome.answer == REIN_PLAN_UNKNOWN && outcome.steps <= 3, "needs effort");
    assert_sound(&lc, outcome.height_bytes);
    large_case_free(&lc);
}

enum { HARD_PART_COUNT = 12 };

/* Returns copies of one part. The heuristics do not find its least height; the search does within
 * 20 steps. */
static large_case equal_parts_in_a_row(size_t parts) {
    static const struct {
        int64_t from;
        int64_t until;
        uint64_t size_bytes;
    } part[HARD_PART_COUNT] = {{1, 7, 5}, {5, 7, 8}, {7, 8, 7}, {3, 8, 8}, {1, 5, 6}, {6, 8, 4},
                               {7, 8, 8}, {6, 7, 6}, {2, 8, 1}, {1, 6, 9}, {7, 8, 1}, {3, 4, 2}};
    large_case lc = large_case_make(PLAN_SHAPE_SCALES, parts * HARD_PART_COUNT);
    for (size_t row = 0; row < lc.count; row++) {
        int64_t start = (int64_t)(row / HARD_PART_COUNT) * PART_TIME;
        lc.lifetimes[row].from = start + part[row % HARD_PART_COUNT].from;
        lc.lifetimes[row].until = start + part[row % HARD_PART_COUNT].until;
        lc.lifetimes[row].size_bytes = part[row % HARD_PART_COUNT].size_bytes;
    }
    return lc;
}

static double seconds_for_parts(size_t parts) {
    large_case lc = equal_parts_in_a_row(parts);
    clock_t before = clock();
    rein_plan_outcome outcome = minimise(&lc, NULL, ALL_EFFORT);
    double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
    cr_assert(outcome.answer == REIN_PLAN_FITS && outcome.height_bytes == 32, "its least height");
    cr_assert(outcome.steps >= 20 * parts, "each part is searched");
    large_case_free(&lc);
    return seconds;
}

/* Linear time is 4 times as long; time quadratic in the parts would be up to 16 times. */
Test(plan_large, takes_time_linear_in_its_parts) {
    double few = seconds_for_parts(4000 / TEST_DIVISOR);
    double many = seconds_for_parts(16000 / TEST_DIVISOR);
    cr_assert(many < 6 * few, "%f s for four times the parts of %f s", many, few);
}

/* One part that is too large for the search: effort still lowers it, by repairs. */
Test(plan_large, becomes_lower_with_effort) {
    enum { COUNT = 5000, EFFORT = 1000000 };
    large_case lc = large_case_make(PLAN_SHAPE_SCALES, COUNT);
    rein_plan_outcome before = minimise(&lc, NULL, 0);
    rein_plan_outcome after = minimise(&lc, NULL, EFFORT);
    assert_sound(&lc, after.height_bytes);
    cr_assert(after.height_bytes < before.height_bytes && after.steps <= EFFORT, "lower");
    cr_assert(after.stop == REIN_PLAN_STOP_SIZE, "but not exact");
    rein_plan_outcome decided = decide(&lc, after.height_bytes, 2 * EFFORT);
    cr_assert(decided.answer == REIN_PLAN_FITS, "decided by repairs");
    large_case_free(&lc);
}
