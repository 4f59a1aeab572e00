#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "plan/plan.h"
#include "plan_case.h"
#include "ticking_clock.h"

/* A correct search answers small problems in far fewer steps than ALL_EFFORT. */
enum { ROUNDS = 3000, BRUTE_FORCE_MOST = 7, ALL_EFFORT = 20000 };

#define BIGGEST (UINT64_C(1) << 63)

static rein_workspace workspace_for(size_t count) {
    uint64_t bytes = REIN_UNWRAP(rein_plan_workspace_bytes(count));
    rein_workspace workspace = {malloc(bytes), bytes};
    cr_assert(workspace.memory != NULL, "memory");
    return workspace;
}

static rein_tensor_lifetime make(int64_t from, int64_t until, uint64_t size) {
    return (rein_tensor_lifetime){rein_tensor_id_make(0), from, until, size, 1};
}

static rein_plan_outcome decide(const rein_plan_problem *problem, uint64_t capacity,
                                rein_workspace workspace, uint64_t *offsets) {
    rein_plan_options options = {.effort_steps = ALL_EFFORT};
    return REIN_UNWRAP(rein_plan_decide(problem, capacity, &options, workspace, offsets, NULL));
}

static rein_plan_outcome minimise(const rein_plan_problem *problem, uint64_t seed,
                                  rein_workspace workspace, uint64_t *offsets) {
    rein_plan_options options = {.effort_steps = ALL_EFFORT, .seed = seed};
    return REIN_UNWRAP(rein_plan_minimise(problem, &options, workspace, offsets, NULL));
}

static void assert_placed(const plan_case *pc, const uint64_t *offsets, uint64_t height,
                          rein_workspace workspace) {
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_placement_check(pc->lifetimes, pc->count, offsets, workspace));
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND, "the placement is sound");
    for (size_t i = 0; i < pc->count; i++) {
        uint64_t fixed = pc->fixed_offsets[i];
        uint64_t end = offsets[i] + pc->lifetimes[i].size_bytes;
        cr_assert(fixed == REIN_PLAN_FREE || offsets[i] == fixed, "fixed tensors stay");
        cr_assert(end <= height || pc->lifetimes[i].size_bytes == 0, "within the height");
    }
}

/* The least height is found, and every capacity around it gets the right answer. */
Test(plan, agrees_with_brute_force) {
    rein_workspace workspace = workspace_for(PLAN_CASE_TENSORS_MAX);
    uint64_t offsets[PLAN_CASE_TENSORS_MAX];
    int above_peak = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        plan_case pc = plan_case_make(round, BRUTE_FORCE_MOST);
        rein_plan_problem problem = plan_case_problem(&pc);
        uint64_t least = plan_case_least_height(&pc);
        rein_plan_outcome outcome = minimise(&problem, round % 5, workspace, offsets);
        cr_assert(outcome.height_bytes == least, "round %zu: the height", (size_t)round);
        cr_assert(outcome.lower_bound_bytes == least, "round %zu: the bound", (size_t)round);
        bool exists = least != UINT64_MAX;
        cr_assert((outcome.answer == REIN_PLAN_FITS) == exists, "round %zu", (size_t)round);
        cr_assert((outcome.answer == REIN_PLAN_CANNOT) == !exists, "round %zu", (size_t)round);
        if (exists) {
            assert_placed(&pc, offsets, least, workspace);
            above_peak += outcome.proof != REIN_PLAN_PROOF_PEAK;
        }
        for (uint64_t capacity = exists && least > 3 ? least - 3 : 0;
             exists && capacity < least + 2; capacity++) {
            outcome = decide(&problem, capacity, workspace, offsets);
            rein_plan_answer expected = capacity < least ? REIN_PLAN_CANNOT : REIN_PLAN_FITS;
            cr_assert(outcome.answer == expected, "round %zu at %zu", (size_t)round,
                      (size_t)capacity);
        }
    }
    cr_assert(above_peak > ROUNDS / 20, "hard cases were seen: %d", above_peak);
    free(workspace.memory);
}

/* Returns a changed problem that has the same answer. */
static plan_case transformed(const plan_case *pc, uint64_t seed) {
    plan_case changed = *pc;
    uint64_t state = seed;
    int64_t shift = (int64_t)plan_case_random(&state, 1000) - 500;
    bool mirror = plan_case_random(&state, 2) == 0;
    for (size_t i = 0; i < pc->count; i++) {
        rein_tensor_lifetime *lifetime = &changed.lifetimes[i];
        int64_t from = mirror ? -lifetime->until : lifetime->from;
        int64_t until = mirror ? -lifetime->from : lifetime->until;
        lifetime->from = 3 * from + shift;
        lifetime->until = 3 * until + shift;
    }
    for (size_t i = pc->count; i > 1; i--) {
        size_t k = plan_case_random(&state, i);
        rein_tensor_lifetime lifetime = changed.lifetimes[k];
        uint64_t fixed = changed.fixed_offsets[k];
        changed.lifetimes[k] = changed.lifetimes[i - 1];
        changed.fixed_offsets[k] = changed.fixed_offsets[i - 1];
        changed.lifetimes[i - 1] = lifetime;
        changed.fixed_offsets[i - 1] = fixed;
    }
    return changed;
}

Test(plan, is_the_same_shifted_stretched_mirrored_and_shuffled) {
    rein_workspace workspace = workspace_for(PLAN_CASE_TENSORS_MAX);
    uint64_t offsets[PLAN_CASE_TENSORS_MAX];
    for (uint64_t round = 0; round < 300; round++) {
        plan_case pc = plan_case_make_tight(round, 24, 16);
        rein_plan_problem problem = plan_case_problem(&pc);
        uint64_t height = minimise(&problem, 0, workspace, offsets).height_bytes;
        plan_case changed = transformed(&pc, round);
        rein_plan_problem other = plan_case_problem(&changed);
        rein_plan_outcome outcome = minimise(&other, 1, workspace, offsets);
        cr_assert(outcome.height_bytes == height, "round %zu", (size_t)round);
        assert_placed(&changed, offsets, height, workspace);
        outcome = decide(&other, height, workspace, offsets);
        cr_assert(outcome.answer == REIN_PLAN_FITS, "round %zu: fits", (size_t)round);
        assert_placed(&changed, offsets, height, workspace);
        outcome = decide(&other, height - 1, workspace, offsets);
        cr_assert(outcome.answer == REIN_PLAN_CANNOT, "round %zu: does not", (size_t)round);
    }
    free(workspace.memory);
}

/* An empty tensor overlaps nothing, and its size does not affect the granule. */
static void add_empty(plan_case *pc) {
    pc->lifetimes[pc->count] = make(0, 1, 0);
    pc->fixed_offsets[pc->count] = 1;
    pc->count++;
}

Test(plan, scales_with_the_sizes) {
    static const uint64_t scales[] = {BIGGEST / 32, BIGGEST / 32 - 1};
    rein_workspace workspace = workspace_for(PLAN_CASE_TENSORS_MAX);
    uint64_t offsets[PLAN_CASE_TENSORS_MAX];
    for (uint64_t round = 0; round < 300; round++) {
        plan_case pc = plan_case_make_tight(round, 24, 16);
        rein_plan_problem problem = plan_case_problem(&pc);
        rein_plan_outcome unscaled = minimise(&problem, 0, workspace, offsets);
        uint64_t height = unscaled.height_bytes;
        uint64_t scale = scales[round % 2];
        for (size_t i = 0; i < pc.count; i++) {
            pc.lifetimes[i].size_bytes *= scale;
        }
        add_empty(&pc);
        problem = plan_case_problem(&pc);
        rein_plan_outcome outcome = minimise(&problem, 0, workspace, offsets);
        cr_assert(outcome.height_bytes == height * scale, "round %zu", (size_t)round);
        cr_assert(outcome.steps == unscaled.steps, "round %zu: the steps", (size_t)round);
        outcome = decide(&problem, height * scale, workspace, offsets);
        cr_assert(outcome.answer == REIN_PLAN_FITS, "round %zu: fits", (size_t)round);
        outcome = decide(&problem, height * scale - 1, workspace, offsets);
        cr_assert(outcome.answer == REIN_PLAN_CANNOT, "round %zu: does not", (size_t)round);
    }
    free(workspace.memory);
}

Test(plan, needs_no_effort_if_the_peak_is_reached_or_exceeded) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 2, 10), make(1, 3, 5), make(7, 9, 12)};
    rein_plan_problem problem = {lifetimes, 3, NULL};
    rein_workspace workspace = workspace_for(3);
    uint64_t offsets[3];
    rein_plan_outcome outcome =
        REIN_UNWRAP(rein_plan_decide(&problem, 15, NULL, workspace, offsets, NULL));
    cr_assert(outcome.answer == REIN_PLAN_FITS && outcome.height_bytes == 15, "fits");
    outcome = REIN_UNWRAP(rein_plan_decide(&problem, 14, NULL, workspace, offsets, NULL));
    cr_assert(outcome.answer == REIN_PLAN_CANNOT, "one byte too few");
    cr_assert(outcome.proof == REIN_PLAN_PROOF_PEAK && outcome.instant == 1, "the witness");
    cr_assert(outcome.steps == 0 && outcome.height_bytes == 15, "the best placement all the same");
    free(workspace.memory);
}

Test(plan, of_one_tensor_names_its_first_instant) {
    const rein_tensor_lifetime lifetime = make(5, 9, 10);
    rein_plan_problem problem = {&lifetime, 1, NULL};
    rein_workspace workspace = workspace_for(1);
    uint64_t offset = 1;
    rein_plan_outcome outcome = decide(&problem, 9, workspace, &offset);
    cr_assert(outcome.answer == REIN_PLAN_CANNOT && outcome.proof == REIN_PLAN_PROOF_PEAK, "no");
    cr_assert(outcome.instant == 5, "it is alive from there on");
    free(workspace.memory);
}

Test(plan, of_nothing_and_of_empty_tensors) {
    rein_workspace workspace = workspace_for(2);
    rein_plan_problem nothing = {NULL, 0, NULL};
    rein_plan_outcome outcome = decide(&nothing, 0, workspace, NULL);
    cr_assert(outcome.answer == REIN_PLAN_FITS && outcome.height_bytes == 0, "nothing");
    const rein_tensor_lifetime empty[] = {make(0, 1, 0), make(0, 1, 0)};
    const uint64_t fixed[] = {REIN_PLAN_FREE, 40};
    rein_plan_problem problem = {empty, 2, fixed};
    uint64_t offsets[] = {7, 7};
    outcome = decide(&problem, 0, workspace, offsets);
    cr_assert(outcome.answer == REIN_PLAN_FITS, "no bytes");
    cr_assert(offsets[0] == 0 && offsets[1] == 40, "fixed ones stay, others lie at the ground");
    free(workspace.memory);
}

Test(plan, reports_that_no_placement_exists) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 2, 10), make(1, 3, 10)};
    const uint64_t fixed[] = {0, 5};
    rein_plan_problem problem = {lifetimes, 2, fixed};
    rein_workspace workspace = workspace_for(2);
    uint64_t offsets[] = {7, 7};
    rein_plan_outcome outcome = minimise(&problem, 0, workspace, offsets);
    cr_assert(outcome.answer == REIN_PLAN_CANNOT, "two fixed tensors overlap");
    cr_assert(outcome.height_bytes == UINT64_MAX && outcome.lower_bound_bytes == UINT64_MAX,
              "none");
    cr_assert(offsets[0] == 7 && offsets[1] == 7, "the offsets are as they were");
    free(workspace.memory);
}

Test(plan, takes_sizes_up_to_the_limit) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 2, BIGGEST), make(2, 3, BIGGEST - 1)};
    rein_plan_problem problem = {lifetimes, 2, NULL};
    rein_workspace workspace = workspace_for(2);
    uint64_t offsets[2];
    rein_plan_outcome outcome = decide(&problem, UINT64_MAX, workspace, offsets);
    cr_assert(outcome.answer == REIN_PLAN_FITS && outcome.height_bytes == BIGGEST, "2^63");
    outcome = decide(&problem, BIGGEST - 1, workspace, offsets);
    cr_assert(outcome.answer == REIN_PLAN_CANNOT, "one byte less");
    free(workspace.memory);
}

static void assert_refused(const rein_plan_problem *problem, rein_workspace workspace,
                           const char *facts) {
    uint64_t offsets[] = {7, 7, 7};
    rein_result_plan_outcome result = rein_plan_decide(problem, 10, NULL, workspace, offsets, NULL);
    cr_assert(rein_result_plan_outcome_is_error(result), "refused: %s", facts);
    expect_invalid(&REIN_ERROR(result), facts);
    cr_assert(rein_result_plan_outcome_is_error(
                  rein_plan_minimise(problem, NULL, workspace, offsets, NULL)),
              "minimise too");
    cr_assert(offsets[0] == 7 && offsets[2] == 7, "the offsets are as they were");
}

Test(plan, refuses_bad_rows_by_their_index) {
    rein_workspace workspace = workspace_for(3);
    rein_tensor_lifetime lifetimes[] = {make(0, 1, 1), make(0, 1, 1), make(0, 1, 1)};
    uint64_t fixed[] = {REIN_PLAN_FREE, REIN_PLAN_FREE, 4};
    rein_plan_problem problem = {lifetimes, 3, fixed};
    lifetimes[2].alignment_bytes = 8;
    assert_refused(&problem, workspace, "lifetime 2 offset 4 alignment_bytes 8");
    fixed[2] = BIGGEST;
    assert_refused(&problem, workspace, "lifetime 2 offset 9223372036854775808 size_bytes 1 2^63");
    fixed[2] = BIGGEST + 8;
    assert_refused(&problem, workspace, "lifetime 2 offset 9223372036854775816 size_bytes 1 2^63");
    lifetimes[1].until = 0;
    assert_refused(&problem, workspace, "lifetime 1 from 0 until 0");
    lifetimes[1] = make(0, 1, BIGGEST);
    fixed[2] = REIN_PLAN_FREE;
    assert_refused(&problem, workspace, "0 9223372036854775809 lifetime 1 2^63");
    problem.count = (size_t)INT32_MAX;
    assert_refused(&problem, workspace, "2147483647 lifetimes 2147483646");
    assert_refused(NULL, workspace, "problem NULL");
    free(workspace.memory);
}

Test(plan, refuses_a_small_workspace_and_missing_offsets) {
    plan_case pc = plan_case_make_tight(1, 5, 9);
    rein_plan_problem problem = {pc.lifetimes, 5, NULL};
    rein_workspace workspace = workspace_for(5);
    uint64_t offsets[5] = {7, 7, 7, 7, 7};
    rein_workspace small = {workspace.memory, workspace.size_bytes - 1};
    cr_assert(
        rein_result_plan_outcome_is_error(rein_plan_minimise(&problem, NULL, small, offsets, NULL)),
        "one byte too few");
    small = (rein_workspace){NULL, workspace.size_bytes};
    cr_assert(
        rein_result_plan_outcome_is_error(rein_plan_minimise(&problem, NULL, small, offsets, NULL)),
        "no memory");
    cr_assert(rein_result_plan_outcome_is_error(
                  rein_plan_minimise(&problem, NULL, workspace, NULL, NULL)),
              "no offsets");
    problem.count = 1;
    cr_assert(rein_result_plan_outcome_is_error(
                  rein_plan_minimise(&problem, NULL, workspace, NULL, NULL)),
              "no offset for the only one");
    cr_assert(offsets[0] == 7 && offsets[4] == 7, "the offsets are as they were");
    cr_assert(rein_result_bytes_is_error(rein_plan_workspace_bytes((size_t)INT32_MAX)), "too many");
    free(workspace.memory);
}

/* Returns a hard case of 30 tensors and its number of steps, few enough to stop at each. */
static plan_case hard_case(rein_workspace workspace, uint64_t *out_steps) {
    uint64_t offsets[PLAN_CASE_TENSORS_MAX];
    plan_case pc = {.count = 0};
    rein_plan_outcome outcome = {0};
    for (uint64_t seed = 0; seed < ROUNDS && outcome.proof != REIN_PLAN_PROOF_SEARCH; seed++) {
        pc = plan_case_make_tight(seed, 30, 16);
        rein_plan_problem problem = plan_case_problem(&pc);
        outcome = minimise(&problem, 0, workspace, offsets);
        bool is_handy = outcome.steps > 100 && outcome.steps < 1500;
        outcome.proof = is_handy ? outcome.proof : REIN_PLAN_PROOF_PEAK;
    }
    cr_assert(outcome.proof == REIN_PLAN_PROOF_SEARCH, "a hard case was found");
    *out_steps = outcome.steps;
    return pc;
}

static void assert_interval(const plan_case *pc, const rein_plan_outcome *outcome,
                            const uint64_t *offsets, uint64_t least, rein_workspace workspace) {
    cr_assert(outcome->answer == REIN_PLAN_UNKNOWN, "stopped before the end");
    cr_assert(outcome->lower_bound_bytes <= least && outcome->height_bytes >= least, "interval");
    assert_placed(pc, offsets, outcome->height_bytes, workspace);
}

Test(plan, stops_at_every_step_by_effort_deadline_and_cancel) {
    rein_workspace workspace = workspace_for(PLAN_CASE_TENSORS_MAX);
    uint64_t offsets[PLAN_CASE_TENSORS_MAX];
    uint64_t steps = 0;
    plan_case pc = hard_case(workspace, &steps);
    rein_plan_problem problem = plan_case_problem(&pc);
    uint64_t least = minimise(&problem, 0, workspace, offsets).height_bytes;
    for (uint64_t step = 0; step + 2 < steps; step++) {
        rein_plan_options options = {.effort_steps = step};
        rein_plan_outcome outcome =
            REIN_UNWRAP(rein_plan_minimise(&problem, &options, workspace, offsets, NULL));
        assert_interval(&pc, &outcome, offsets, least, workspace);
        cr_assert(outcome.stop == REIN_PLAN_STOP_EFFORT && outcome.steps <= step, "effort");
        ticking t = {0, INT64_MAX, false};
        rein_clock clock = ticking_clock(&t);
        options = (rein_plan_options){.effort_steps = ALL_EFFORT,
                                      .clock = &clock,
                                      .deadline = rein_timestamp_from_ns((int64_t)step + 1)};
        outcome = REIN_UNWRAP(rein_plan_minimise(&problem, &options, workspace, offsets, NULL));
        assert_interval(&pc, &outcome, offsets, least, workspace);
        cr_assert(outcome.stop == REIN_PLAN_STOP_DEADLINE, "deadline");
        t = (ticking){0, (int64_t)step + 1, false};
        options.deadline = rein_timestamp_never();
        options.cancel = &t.flag;
        outcome = REIN_UNWRAP(rein_plan_minimise(&problem, &options, workspace, offsets, NULL));
        assert_interval(&pc, &outcome, offsets, least, workspace);
        cr_assert(outcome.stop == REIN_PLAN_STOP_CANCEL, "cancel");
    }
    free(workspace.memory);
}

/* Checks an outcome that must hold whether or not the call was stopped. */
static void assert_sound(const plan_case *pc, const rein_plan_outcome *outcome, uint64_t least,
                         const uint64_t *offsets, rein_workspace workspace) {
    cr_assert(outcome->lower_bound_bytes <= least, "the bound holds");
    cr_assert(outcome->height_bytes >= least, "no placement is lower");
    if (outcome->height_bytes == UINT64_MAX) {
        for (size_t i = 0; i < pc->count; i++) {
            cr_assert(offsets[i] == 7, "the offsets are as they were");
        }
    } else {
        assert_placed(pc, offsets, outcome->height_bytes, workspace);
    }
}

/* Stops at the k-th step for each k, by the deadline or by the flag, until a call completes.
 * Returns the number of stopped calls. `capacity` is UINT64_MAX to minimise. */
static int stop_at_each_step(const plan_case *pc, uint64_t capacity, uint64_t least, bool by_flag,
                             rein_workspace workspace) {
    rein_plan_problem problem = plan_case_problem(pc);
    int stopped = 0;
    for (int64_t step = 1;; step++) {
        uint64_t offsets[PLAN_CASE_TENSORS_MAX];
        for (size_t i = 0; i < pc->count; i++) {
            offsets[i] = 7;
        }
        ticking t = {0, by_flag ? step : INT64_MAX, false};
        rein_clock clock = ticking_clock(&t);
        rein_plan_options options = {.effort_steps = ALL_EFFORT,
                                     .clock = &clock,
                                     .deadline = by_flag ? rein_timestamp_never()
                                                         : rein_timestamp_from_ns(step),
                                     .cancel = &t.flag};
        rein_plan_outcome outcome = REIN_UNWRAP(
            capacity == UINT64_MAX
                ? rein_plan_minimise(&problem, &options, workspace, offsets, NULL)
                : rein_plan_decide(&problem, capacity, &options, workspace, offsets, NULL));
        assert_sound(pc, &outcome, least, offsets, workspace);
        if (outcome.stop == REIN_PLAN_STOP_DONE) {
            bool fits = capacity == UINT64_MAX ? least != UINT64_MAX : least <= capacity;
            cr_assert((outcome.answer == REIN_PLAN_FITS) == fits, "the right answer in the end");
            return stopped;
        }
        cr_assert(outcome.answer == REIN_PLAN_UNKNOWN, "stopped before the end");
        cr_assert(outcome.stop == (by_flag ? REIN_PLAN_STOP_CANCEL : REIN_PLAN_STOP_DEADLINE),
                  "has a reason");
        stopped++;
    }
}

Test(plan, is_sound_wherever_it_is_stopped) {
    rein_workspace workspace = workspace_for(PLAN_CASE_TENSORS_MAX);
    int stopped = 0;
    for (uint64_t round = 0; round < 600; round++) {
        plan_case pc = plan_case_make(round, BRUTE_FORCE_MOST);
        uint64_t least = plan_case_least_height(&pc);
        bool by_flag = round % 2 == 0;
        stopped += stop_at_each_step(&pc, UINT64_MAX, least, by_flag, workspace);
        uint64_t capacity = least == UINT64_MAX ? 20 : least;
        stopped += stop_at_each_step(&pc, capacity, least, by_flag, workspace);
        stopped += stop_at_each_step(&pc, capacity - 1, least, by_flag, workspace);
    }
    cr_assert(stopped > 1000, "stopped %d times", stopped);
    free(workspace.memory);
}

typedef struct watched {
    int calls;
    rein_plan_progress last;
} watched;

static void watch(void *self, const rein_plan_progress *progress) {
    watched *w = self;
    w->calls++;
    w->last = *progress;
}

Test(plan, reports_progress_and_repeats_itself) {
    rein_workspace workspace = workspace_for(PLAN_CASE_TENSORS_MAX);
    uint64_t offsets[PLAN_CASE_TENSORS_MAX];
    uint64_t again[PLAN_CASE_TENSORS_MAX];
    uint64_t steps = 0;
    plan_case pc = hard_case(workspace, &steps);
    rein_plan_problem problem = plan_case_problem(&pc);
    watched w = {0, {0, 0, 0, 0}};
    rein_plan_options options = {
        .effort_steps = ALL_EFFORT, .seed = 5, .on_progress = watch, .self = &w};
    rein_plan_outcome first =
        REIN_UNWRAP(rein_plan_minimise(&problem, &options, workspace, offsets, NULL));
    cr_assert(w.calls > 0, "called");
    cr_assert(w.last.height_bytes >= first.height_bytes, "not below the end");
    cr_assert(w.last.lower_bound_bytes <= first.lower_bound_bytes, "not above the end");
    memset(workspace.memory, 0xA5, workspace.size_bytes);
    rein_plan_outcome second =
        REIN_UNWRAP(rein_plan_minimise(&problem, &options, workspace, again, NULL));
    cr_assert(first.steps == second.steps && first.height_bytes == second.height_bytes, "the same");
    cr_assert(memcmp(offsets, again, pc.count * sizeof *offsets) == 0, "offset by offset");
    free(workspace.memory);
}

enum { GUILLOTINE_PIECES = 200 };

/* Within this effort, only a filling finds the packing. */
Test(plan, finds_a_packing_with_some_slack) {
    static rein_tensor_lifetime lifetimes[GUILLOTINE_PIECES];
    uint64_t offsets[GUILLOTINE_PIECES];
    size_t count = plan_case_cut_rectangle(0, GUILLOTINE_PIECES, lifetimes);
    rein_workspace workspace = workspace_for(count);
    rein_plan_problem problem = {lifetimes, count, NULL};
    rein_plan_options options = {.effort_steps = 200000};
    rein_plan_outcome outcome = REIN_UNWRAP(
        rein_plan_decide(&problem, UINT64_C(1) << 20, &options, workspace, offsets, NULL));
    cr_assert(outcome.answer == REIN_PLAN_FITS, "found");
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_placement_check(lifetimes, count, offsets, workspace));
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND, "sound");
    cr_assert(verdict.height_bytes == outcome.height_bytes, "its own height");
    free(workspace.memory);
}

/* Appends a case, earlier in time, whose least height is above its peak, scaled to fit just within
 * `height`. */
static size_t append_hard_case(rein_tensor_lifetime *lifetimes, size_t count, uint64_t height) {
    rein_workspace workspace = workspace_for(PLAN_CASE_TENSORS_MAX);
    uint64_t offsets[PLAN_CASE_TENSORS_MAX];
    uint64_t steps = 0;
    plan_case pc = hard_case(workspace, &steps);
    rein_plan_problem problem = plan_case_problem(&pc);
    uint64_t least = minimise(&problem, 0, workspace, offsets).height_bytes;
    for (size_t i = 0; i < pc.count; i++) {
        lifetimes[count] = pc.lifetimes[i];
        lifetimes[count].from -= 2000;
        lifetimes[count].until -= 2000;
        lifetimes[count++].size_bytes *= height / least;
    }
    free(workspace.memory);
    return count;
}

/* One filler takes all the slack of the hard case: it fits only without the filler. */
Test(plan, does_not_refute_by_a_filling) {
    static rein_tensor_lifetime lifetimes[GUILLOTINE_PIECES + PLAN_CASE_TENSORS_MAX];
    uint64_t offsets[GUILLOTINE_PIECES + PLAN_CASE_TENSORS_MAX];
    uint64_t capacity = UINT64_C(1) << 20;
    size_t count = append_hard_case(
        lifetimes, plan_case_cut_rectangle(0, GUILLOTINE_PIECES, lifetimes), capacity);
    rein_workspace workspace = workspace_for(count);
    rein_plan_problem problem = {lifetimes, count, NULL};
    rein_plan_options options = {.effort_steps = 150000};
    rein_plan_outcome outcome =
        REIN_UNWRAP(rein_plan_decide(&problem, capacity, &options, workspace, offsets, NULL));
    cr_assert(outcome.answer != REIN_PLAN_CANNOT, "it fits, by construction");
    cr_assert(outcome.steps > 96000, "fillings were tried");
    free(workspace.memory);
}

/* Appends tensors one after the other, earlier in time, each smaller than the one before. */
static size_t append_steps(rein_tensor_lifetime *lifetimes, size_t count, int64_t steps) {
    for (int64_t i = 0; i < steps; i++) {
        lifetimes[count++] = make(i - 1000, i - 999, 1000 - 7 * (uint64_t)i);
    }
    return count;
}

Test(plan, skips_fillings_if_the_slack_has_too_many_steps) {
    static rein_tensor_lifetime lifetimes[GUILLOTINE_PIECES + PLAN_CASE_TENSORS_MAX];
    uint64_t offsets[GUILLOTINE_PIECES + PLAN_CASE_TENSORS_MAX];
    uint64_t capacity = UINT64_C(1) << 20;
    size_t count = append_steps(lifetimes, plan_case_cut_rectangle(0, GUILLOTINE_PIECES, lifetimes),
                                PLAN_CASE_TENSORS_MAX);
    rein_workspace workspace = workspace_for(count);
    rein_plan_problem problem = {lifetimes, count, NULL};
    rein_plan_options options = {.effort_steps = 150000};
    rein_plan_outcome outcome =
        REIN_UNWRAP(rein_plan_decide(&problem, capacity, &options, workspace, offsets, NULL));
    cr_assert(outcome.answer == REIN_PLAN_UNKNOWN, "open within the effort");
    cr_assert(outcome.steps == 150000, "all of the effort is spent");
    free(workspace.memory);
}

/* The maximum number of tensors for the exact search; a filler would exceed it. */
Test(plan, skips_fillings_that_are_too_large_for_the_search) {
    enum { SEARCH_MOST = 4096, EFFORT = 150000 };
    static rein_tensor_lifetime lifetimes[SEARCH_MOST];
    static uint64_t offsets[SEARCH_MOST];
    uint64_t capacity = UINT64_C(1) << 20;
    for (size_t i = plan_case_cut_rectangle(0, GUILLOTINE_PIECES, lifetimes); i < SEARCH_MOST;
         i++) {
        lifetimes[i] = make(-(int64_t)i - 1, -(int64_t)i, capacity);
    }
    rein_workspace workspace = workspace_for(SEARCH_MOST);
    rein_plan_problem problem = {lifetimes, SEARCH_MOST, NULL};
    rein_plan_options options = {.effort_steps = EFFORT};
    rein_plan_outcome outcome =
        REIN_UNWRAP(rein_plan_decide(&problem, capacity, &options, workspace, offsets, NULL));
    cr_assert(outcome.answer == REIN_PLAN_UNKNOWN, "open within the effort");
    cr_assert(outcome.steps == EFFORT, "all of the effort is spent");
    free(workspace.memory);
}

/* Short-lived and long-lived tensors, too many for the exact search. */
Test(plan, of_many_tensors_is_sound_and_near_the_peak) {
    enum { COUNT = 6000 };
    rein_tensor_lifetime *lifetimes = calloc(COUNT, sizeof *lifetimes);
    uint64_t *offsets = calloc(COUNT, sizeof *offsets);
    rein_workspace workspace = workspace_for(COUNT);
    uint64_t state = 1;
    for (size_t i = 0; i < COUNT; i++) {
        int64_t from = (int64_t)plan_case_random(&state, 4000);
        uint64_t length = i % 5 == 0 ? 3000 : 20;
        lifetimes[i] = make(from, from + 1 + (int64_t)plan_case_random(&state, length),
                            1 + plan_case_random(&state, 100000));
        lifetimes[i].alignment_bytes = UINT64_C(1) << plan_case_random(&state, 3);
    }
    rein_plan_problem problem = {lifetimes, COUNT, NULL};
    rein_plan_outcome outcome = minimise(&problem, 0, workspace, offsets);
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_placement_check(lifetimes, COUNT, offsets, workspace));
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND, "sound");
    cr_assert(verdict.height_bytes == outcome.height_bytes, "its own height");
    cr_assert(outcome.height_bytes <= outcome.lower_bound_bytes / 20 * 21,
              "within 5%% of the bound");
    bool is_proven = outcome.height_bytes == outcome.lower_bound_bytes;
    cr_assert(is_proven || outcome.stop == REIN_PLAN_STOP_SIZE,
              "has the reason why it is not proven");
    free(workspace.memory);
    free(offsets);
    free(lifetimes);
}
