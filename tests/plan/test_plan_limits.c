/* Limits of the planner: of 64 bits, of the exact search, and of the effort. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "expect.h"
#include "plan/plan.h"
#include "plan_case.h"

enum { MOST = 5000 };

#define BIGGEST (UINT64_C(1) << 63)

static rein_tensor_lifetime lifetimes[MOST];
static uint64_t fixed[MOST];
static uint64_t offsets[MOST];
static rein_workspace workspace;

static void set_up(void) {
    uint64_t bytes = REIN_UNWRAP(rein_plan_workspace_bytes(MOST));
    workspace = (rein_workspace){malloc(bytes), bytes};
    for (size_t i = 0; i < MOST; i++) {
        fixed[i] = REIN_PLAN_FREE;
    }
}

static void tear_down(void) {
    free(workspace.memory);
}

TestSuite(plan_limits, .init = set_up, .fini = tear_down);

static rein_tensor_lifetime make(int64_t from, int64_t until, uint64_t size, uint64_t alignment) {
    return (rein_tensor_lifetime){rein_tensor_id_make(0), from, until, size, alignment};
}

static rein_plan_outcome decide(size_t count, uint64_t capacity, uint64_t effort,
                                rein_plan_log *log) {
    rein_plan_problem problem = {lifetimes, count, fixed};
    rein_plan_options options = {.effort_steps = effort};
    return REIN_UNWRAP(rein_plan_decide(&problem, capacity, &options, workspace, offsets, log));
}

static rein_plan_outcome minimise(size_t count, uint64_t effort) {
    rein_plan_problem problem = {lifetimes, count, fixed};
    rein_plan_options options = {.effort_steps = effort};
    return REIN_UNWRAP(rein_plan_minimise(&problem, &options, workspace, offsets, NULL));
}

static void assert_sound(size_t count, uint64_t height) {
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_placement_check(lifetimes, count, offsets, workspace));
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND, "sound");
    cr_assert(verdict.height_bytes == height, "its own height");
}

Test(plan_limits, sizes_that_sum_up_to_2_64_fit_one_after_the_other) {
    lifetimes[0] = make(0, 1, BIGGEST, 1);
    lifetimes[1] = make(1, 2, BIGGEST, 1);
    rein_plan_outcome outcome = decide(2, UINT64_MAX, 0, NULL);
    cr_assert(outcome.answer == REIN_PLAN_FITS && outcome.height_bytes == BIGGEST, "2^63");
}

Test(plan_limits, live_bytes_that_do_not_fit_in_64_bits_are_reported_with_instant_and_row) {
    lifetimes[0] = make(0, 9, BIGGEST, 1);
    lifetimes[1] = make(3, 4, BIGGEST, 1);
    rein_plan_problem problem = {lifetimes, 2, NULL};
    rein_result_plan_outcome result = rein_plan_decide(&problem, 1, NULL, workspace, offsets, NULL);
    cr_assert(rein_result_plan_outcome_is_error(result), "refused");
    expect_invalid(&REIN_ERROR(result), "3 lifetime 1 64 bits");
}

/* The second tensor would end at 2^63 + 1; a capacity above 2^63 counts as 2^63. */
Test(plan_limits, capacity_above_2_63_is_refuted_as_2_63_is) {
    enum { WORDS = 16 };
    lifetimes[0] = make(0, 1, 1, BIGGEST);
    lifetimes[1] = make(0, 1, 1, BIGGEST);
    uint32_t words[WORDS];
    rein_plan_log log = {words, WORDS, 0};
    rein_plan_outcome outcome = decide(2, UINT64_MAX, 1000, &log);
    cr_assert(outcome.answer == REIN_PLAN_CANNOT && outcome.height_bytes == UINT64_MAX, "none");
    cr_assert(outcome.proof == REIN_PLAN_PROOF_REFUTATION, "by a log");
    cr_assert(outcome.lower_bound_bytes == BIGGEST + 1, "what it would take");
    uint64_t bytes = REIN_UNWRAP(rein_plan_refutation_workspace_bytes(2, &log));
    cr_assert(bytes <= workspace.size_bytes, "room to replay");
    const uint64_t capacities[] = {BIGGEST - 1, BIGGEST, BIGGEST + 1, UINT64_MAX};
    rein_plan_problem problem = {lifetimes, 2, NULL};
    for (size_t i = 0; i < sizeof capacities / sizeof *capacities; i++) {
        rein_plan_refutation_verdict verdict =
            REIN_UNWRAP(rein_plan_check_refutation(&problem, capacities[i], &log, NULL, workspace));
        cr_assert(verdict.is_valid, "replayed at capacity %zu", i);
    }
}

/* The peak is seven units, which fit in 2^63 bytes. The exact search finds that they need eight. */
Test(plan_limits, what_takes_more_than_2_63_bytes_fits_nowhere) {
    static const int rows[][3] = {{0, 4, 2}, {4, 6, 1}, {3, 5, 2}, {0, 2, 1}, {2, 6, 1},
                                  {3, 6, 2}, {6, 7, 4}, {5, 8, 3}, {0, 3, 4}};
    enum { COUNT = sizeof rows / sizeof *rows };
    const uint64_t unit = BIGGEST / 8 + 1;
    for (size_t i = 0; i < COUNT; i++) {
        lifetimes[i] = make(rows[i][0], rows[i][1], (uint64_t)rows[i][2] * unit, 1);
    }
    rein_plan_outcome outcome = minimise(COUNT, 1000);
    cr_assert(outcome.answer == REIN_PLAN_CANNOT && outcome.height_bytes == UINT64_MAX, "nowhere");
    cr_assert(outcome.lower_bound_bytes == 8 * unit, "what it takes");
}

/* The least height is eight units, exactly 2^63 bytes. No heuristic finds it. */
Test(plan_limits, what_takes_2_63_bytes_is_left_to_the_search) {
    static const int rows[][3] = {{6, 8, 3}, {4, 7, 3}, {6, 10, 2}, {3, 5, 4}, {3, 4, 3}};
    enum { COUNT = sizeof rows / sizeof *rows };
    for (size_t i = 0; i < COUNT; i++) {
        lifetimes[i] = make(rows[i][0], rows[i][1], (uint64_t)rows[i][2] * (BIGGEST / 8), 1);
    }
    rein_plan_outcome outcome = minimise(COUNT, 0);
    cr_assert(outcome.answer == REIN_PLAN_UNKNOWN && outcome.height_bytes == UINT64_MAX, "none");
    outcome = minimise(COUNT, 1000);
    cr_assert(outcome.answer == REIN_PLAN_FITS && outcome.height_bytes == BIGGEST, "all of them");
    assert_sound(COUNT, BIGGEST);
}

/* In the order of twins, the placement would have gaps and take 11 bytes. */
Test(plan_limits, tensors_that_differ_only_in_alignment_are_not_twins) {
    lifetimes[0] = make(0, 1, 3, 1);
    lifetimes[1] = make(0, 1, 3, 2);
    lifetimes[2] = make(0, 1, 3, 4);
    rein_plan_outcome outcome = minimise(3, 1000);
    cr_assert(outcome.answer == REIN_PLAN_FITS && outcome.height_bytes == 9, "the least: %zu",
              (size_t)outcome.height_bytes);
    assert_sound(3, 9);
}

static void assert_given_up(size_t count, uint64_t capacity) {
    enum { EFFORT = 20000 };
    rein_plan_outcome outcome = decide(count, capacity, EFFORT, NULL);
    cr_assert(outcome.answer == REIN_PLAN_UNKNOWN, "open");
    cr_assert(outcome.stop == REIN_PLAN_STOP_EFFORT && outcome.steps == EFFORT, "no effort left");
    cr_assert(outcome.lower_bound_bytes <= capacity, "nothing was refuted");
    assert_sound(count, outcome.height_bytes);
    outcome = decide(count, capacity + 1, EFFORT, NULL);
    cr_assert(outcome.answer == REIN_PLAN_FITS, "one byte more");
}

/* Odd sizes at even offsets: each tensor but the topmost wastes a byte. The search notices this
 * only at the end. */
static size_t make_odd(size_t count, uint64_t growth, uint64_t *out_least) {
    *out_least = count - 1;
    for (size_t i = 0; i < count; i++) {
        lifetimes[i] = make(0, 1, 3 + growth * i, 2);
        *out_least += lifetimes[i].size_bytes;
    }
    return count;
}

Test(plan_limits, path_with_more_changes_than_the_search_can_undo_is_given_up) {
    uint64_t least = 0;
    size_t count = make_odd(400, 0, &least);
    assert_given_up(count, least - 1);
}

Test(plan_limits, path_with_more_choices_than_the_search_can_list_is_given_up) {
    uint64_t least = 0;
    size_t count = make_odd(200, 2, &least);
    assert_given_up(count, least - 1);
}

/* The gaps between the fixed tensors are too small for the short-lived ones. Each of these must
 * move above every gap, and the space above the last fixed tensor is a byte too small. */
Test(plan_limits, path_of_too_many_moves_is_given_up) {
    enum { FIXED = 20, SHORT = 20 };
    for (size_t i = 0; i < FIXED; i++) {
        lifetimes[i] = make(-1, 2 * SHORT, 1, 1);
        fixed[i] = 10 * i;
    }
    for (size_t i = 0; i < SHORT; i++) {
        lifetimes[FIXED + i] = make(2 * (int64_t)i, 2 * (int64_t)i + 1, 10, 1);
    }
    assert_given_up(FIXED + SHORT, 10 * FIXED);
}

/* The pairs of 2048 live tensors fill the search's tables; the tensors are one part. */
Test(plan_limits, part_with_too_many_pairs_is_not_searched) {
    enum { MOST_ALIVE = 2048, EFFORT = 100 };
    uint64_t least = 0;
    size_t count = make_odd(MOST_ALIVE, 0, &least);
    rein_plan_outcome outcome = decide(count, least - 1, EFFORT, NULL);
    cr_assert(outcome.answer == REIN_PLAN_UNKNOWN && outcome.stop == REIN_PLAN_STOP_EFFORT, "open");
    cr_assert(outcome.steps == EFFORT, "searched");
    count = make_odd(MOST_ALIVE + 1, 0, &least);
    outcome = decide(count, least - 1, EFFORT, NULL);
    cr_assert(outcome.answer == REIN_PLAN_UNKNOWN && outcome.stop == REIN_PLAN_STOP_SIZE, "open");
    cr_assert(outcome.steps <= EFFORT, "within the effort");
    assert_sound(count, least);
}

/* Makes a case whose least height is above its peak; `*out_refuted` is that height less one. */
static size_t make_hard(uint64_t *out_refuted) {
    for (uint64_t seed = 0;; seed++) {
        plan_case pc = plan_case_make_tight(seed, 30, 16);
        for (size_t i = 0; i < pc.count; i++) {
            lifetimes[i] = pc.lifetimes[i];
        }
        rein_plan_outcome outcome = minimise(pc.count, 20000);
        if (outcome.answer == REIN_PLAN_FITS && outcome.proof == REIN_PLAN_PROOF_SEARCH) {
            *out_refuted = outcome.height_bytes - 1;
            return pc.count;
        }
    }
}

Test(plan_limits, effort_that_does_not_suffice_for_the_log_leaves_none) {
    enum { WORDS = 4096 };
    static uint32_t words[WORDS];
    uint64_t capacity = 0;
    size_t count = make_hard(&capacity);
    rein_plan_log log = {words, WORDS, 77};
    rein_plan_outcome outcome = decide(count, capacity, 0, &log);
    cr_assert(outcome.answer == REIN_PLAN_UNKNOWN && log.length == 0, "without effort");
    uint64_t steps = decide(count, capacity, 20000, NULL).steps;
    for (uint64_t more = 1; more < 3; more++) {
        log.length = 77;
        outcome = decide(count, capacity, steps + more, &log);
        cr_assert(outcome.answer == REIN_PLAN_CANNOT, "refuted");
        cr_assert(outcome.proof == REIN_PLAN_PROOF_SEARCH && log.length == 0, "but no log");
    }
    outcome = decide(count, capacity, 20000, &log);
    cr_assert(outcome.proof == REIN_PLAN_PROOF_REFUTATION && log.length > 0, "with enough");
}

typedef struct seen {
    int without_placement;
    int wrong;
} seen;

static void record_progress(void *self, const rein_plan_progress *progress) {
    seen *s = self;
    s->without_placement += progress->height_bytes == UINT64_MAX;
    s->wrong += progress->height_bytes != UINT64_MAX || progress->placed_count > MOST;
}

/* Three 1-byte tensors aligned to 2^63, and more tensors than the exact search takes. */
Test(plan_limits, large_problem_may_have_no_placement) {
    for (size_t i = 0; i < MOST; i++) {
        lifetimes[i] = make((int64_t)i, (int64_t)i + 3, 8, 1);
        offsets[i] = 7;
    }
    for (size_t i = 0; i < 3; i++) {
        lifetimes[i] = make(0, MOST, 1, BIGGEST);
    }
    seen s = {0, 0};
    rein_plan_problem problem = {lifetimes, MOST, NULL};
    rein_plan_options options = {.effort_steps = 100, .on_progress = record_progress, .self = &s};
    for (int decides = 0; decides < 2; decides++) {
        rein_plan_outcome outcome = REIN_UNWRAP(
            decides == 1
                ? rein_plan_decide(&problem, UINT64_MAX, &options, workspace, offsets, NULL)
                : rein_plan_minimise(&problem, &options, workspace, offsets, NULL));
        cr_assert(outcome.answer == REIN_PLAN_UNKNOWN && outcome.stop == REIN_PLAN_STOP_SIZE,
                  "too large to refute");
        cr_assert(outcome.height_bytes == UINT64_MAX && offsets[0] == 7, "no placement");
    }
    cr_assert(s.without_placement > 0 && s.wrong == 0, "reported %d times", s.without_placement);
}

/* The free tensors are one byte too large for the gaps between the fixed ones, so they lie on top.
 * Repairs cannot eject fixed tensors, so no number of repairs helps. */
Test(plan_limits, repairs_do_not_move_fixed_tensors) {
    uint64_t next = 0;
    for (size_t i = 0; i < MOST; i++) {
        bool is_free = i % 500 == 0;
        lifetimes[i] = make(0, 2 + (int64_t)i, is_free ? 3 : 1, 1);
        fixed[i] = is_free ? REIN_PLAN_FREE : next;
        next += is_free ? 0 : 3;
    }
    rein_plan_outcome outcome = minimise(MOST, 100000);
    cr_assert(outcome.answer == REIN_PLAN_UNKNOWN, "the free ones lie on top");
    cr_assert(outcome.height_bytes > outcome.lower_bound_bytes, "an interval");
    assert_sound(MOST, outcome.height_bytes);
    for (size_t i = 0; i < MOST; i++) {
        cr_assert(fixed[i] == REIN_PLAN_FREE || offsets[i] == fixed[i], "row %zu stays", i);
    }
}
