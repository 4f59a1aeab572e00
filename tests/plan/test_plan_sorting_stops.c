/* Deadline and cancel flag while the planner lists and sorts its tensors, before and between the
 * heuristics: the outcome, and how soon the call returns. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "plan_shapes.h"
#include "test_divisor.h"
#include "ticking_clock.h"

/* COUNT: a pass that lists tensors makes one stop check. */
enum { COUNT = 70000, UNTOUCHED = 0xA5 };

typedef struct stopped {
    rein_tensor_lifetime *lifetimes;
    uint64_t *offsets;
    uint64_t *fixed; /* NULL: all are free */
    rein_workspace workspace;
    uint64_t capacity_bytes; /* 0: the least height */
    rein_plan_outcome outcome;
    int64_t looks;
} stopped;

static stopped stopped_make(plan_shape shape) {
    uint64_t bytes = REIN_UNWRAP(rein_plan_workspace_bytes(COUNT));
    stopped s = {.lifetimes = calloc(COUNT, sizeof *s.lifetimes),
                 .offsets = calloc(COUNT, sizeof *s.offsets),
                 .workspace = {malloc(bytes), bytes}};
    plan_shape_make(shape, COUNT, 1, s.lifetimes);
    return s;
}

static void stopped_free(stopped *s) {
    free(s->workspace.memory);
    free(s->fixed);
    free(s->offsets);
    free(s->lifetimes);
}

/* Stops at the given stop check, by deadline or by the flag. */
static void stop_at(stopped *s, int64_t look, bool by_flag) {
    ticking t = {0, by_flag ? look : INT64_MAX, false};
    rein_clock clock = ticking_clock(&t);
    rein_plan_problem problem = {s->lifetimes, COUNT, s->fixed};
    rein_plan_options options = {.clock = &clock,
                                 .deadline = by_flag ? rein_timestamp_never()
                                                     : rein_timestamp_from_ns(look),
                                 .cancel = &t.flag};
    memset(s->offsets, UNTOUCHED, COUNT * sizeof *s->offsets);
    rein_result_plan_outcome result =
        s->capacity_bytes == 0
            ? rein_plan_minimise(&problem, &options, s->workspace, s->offsets, NULL)
            : rein_plan_decide(&problem, s->capacity_bytes, &options, s->workspace, s->offsets,
                               NULL);
    s->outcome = REIN_UNWRAP(result);
    s->looks = t.now_ns;
    cr_assert(s->looks <= look + 1, "no poll after the one that stops it: %zu", (size_t)look);
}

static uint64_t live_at(const stopped *s, int64_t instant) {
    uint64_t live = 0;
    for (size_t i = 0; i < COUNT; i++) {
        bool is_alive = s->lifetimes[i].from <= instant && instant < s->lifetimes[i].until;
        live += is_alive ? s->lifetimes[i].size_bytes : 0;
    }
    return live;
}

static void assert_no_placement(const stopped *s) {
    uint64_t untouched = 0;
    memset(&untouched, UNTOUCHED, sizeof untouched);
    cr_assert(s->outcome.height_bytes == UINT64_MAX, "no placement");
    cr_assert(s->outcome.proof == REIN_PLAN_PROOF_PEAK, "the proof");
    cr_assert(s->outcome.lower_bound_bytes == live_at(s, s->outcome.instant), "what is alive");
    cr_assert(s->outcome.lower_bound_bytes > 0, "a bound");
    cr_assert(s->offsets[0] == untouched && s->offsets[COUNT - 1] == untouched, "as they were");
}

static void assert_placement(const stopped *s) {
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_placement_check(s->lifetimes, COUNT, s->offsets, s->workspace));
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND, "sound");
    cr_assert(verdict.height_bytes == s->outcome.height_bytes, "its own height");
    for (size_t i = 0; s->fixed != NULL && i < COUNT; i++) {
        cr_assert(s->fixed[i] == REIN_PLAN_FREE || s->offsets[i] == s->fixed[i], "fixed");
    }
}

/* Stops at every `step`-th stop check from `first` to `last`, by deadline and by the flag in turn.
 * A flag that is set during a check takes effect at the next one. Returns how many outcomes have no
 * placement. */
static size_t stop_along(stopped *s, int64_t first, int64_t last, int64_t step) {
    size_t without = 0;
    for (int64_t look = first; look <= last; look += step) {
        bool by_flag = (look - first) / step % 2 == 1;
        stop_at(s, look, by_flag);
        cr_assert(s->outcome.answer == REIN_PLAN_UNKNOWN, "look %zu", (size_t)look);
        cr_assert(s->outcome.stop == (by_flag ? REIN_PLAN_STOP_CANCEL : REIN_PLAN_STOP_DEADLINE),
                  "look %zu", (size_t)look);
        bool has_placement = s->outcome.height_bytes != UINT64_MAX;
        without += !has_placement;
        if (has_placement) {
            assert_placement(s);
        } else {
            assert_no_placement(s);
        }
    }
    return without;
}

enum { SORTING_LOOKS = 40, LOOKS = 60, STEP = 3 * TEST_DIVISOR };

/* There are tens of stop checks before the first tensor is placed, each after at most 65536
 * tensors. Stops at every one of them, and at some of the later ones. */
Test(plan_sorting_stops, there_is_no_placement_before_the_tensors_are_sorted) {
    stopped s = stopped_make(PLAN_SHAPE_SCALES);
    for (int64_t first = 1; first <= 2; first++) {
        size_t stopped_before = stop_along(&s, first, SORTING_LOOKS, 1);
        cr_assert(stopped_before >= 20 && stopped_before < SORTING_LOOKS, "without: %zu",
                  stopped_before);
    }
    size_t without = stop_along(&s, SORTING_LOOKS + 1, LOOKS, TEST_DIVISOR);
    cr_assert(without == 0, "without: %zu", without);
    stopped_free(&s);
}

/* Some tensors are fixed, far apart. They must keep their offsets if the rest is stacked. */
Test(plan_sorting_stops, fixed_tensors_stay_while_others_are_stacked) {
    stopped s = stopped_make(PLAN_SHAPE_SCALES);
    s.fixed = malloc(COUNT * sizeof *s.fixed);
    for (size_t i = 0; i < COUNT; i++) {
        s.fixed[i] = i % 1000 == 7 ? (uint64_t)i << 32 : REIN_PLAN_FREE;
        s.lifetimes[i].alignment_bytes = 1;
    }
    size_t without = stop_along(&s, 1, 2 * LOOKS, 2 * STEP);
    cr_assert(without > 0 && without < LOOKS / STEP, "without: %zu", without);
    stopped_free(&s);
}

/* All tensors are fixed, one above the other. The first stop checks are in the check of these. */
Test(plan_sorting_stops, the_check_of_fixed_tensors_is_stopped) {
    stopped s = stopped_make(PLAN_SHAPE_SCALES);
    uint64_t top = 0;
    s.fixed = malloc(COUNT * sizeof *s.fixed);
    for (size_t i = 0; i < COUNT; i++) {
        s.lifetimes[i].alignment_bytes = 1;
        s.fixed[i] = top;
        top += s.lifetimes[i].size_bytes;
    }
    stop_at(&s, 1, false);
    assert_no_placement(&s);
    cr_assert(s.outcome.stop == REIN_PLAN_STOP_DEADLINE, "the deadline");
    stop_at(&s, 2, true);
    assert_no_placement(&s);
    cr_assert(s.outcome.stop == REIN_PLAN_STOP_CANCEL, "the flag");
    s.capacity_bytes = UINT64_MAX;
    stop_at(&s, 1, false);
    assert_no_placement(&s);
    cr_assert(s.outcome.answer == REIN_PLAN_UNKNOWN, "whether they fit is unknown, too");
    stopped_free(&s);
}

Test(plan_sorting_stops, live_bytes_alone_may_give_the_answer) {
    stopped s = stopped_make(PLAN_SHAPE_SCALES);
    s.capacity_bytes = 1;
    stop_at(&s, 1, false);
    assert_no_placement(&s);
    cr_assert(s.outcome.answer == REIN_PLAN_CANNOT, "more than the capacity is alive");
    cr_assert(s.outcome.stop == REIN_PLAN_STOP_DONE, "nothing is left to do");
    s.capacity_bytes = s.outcome.lower_bound_bytes;
    stop_at(&s, 1, false);
    cr_assert(s.outcome.answer == REIN_PLAN_UNKNOWN, "no more than the capacity is alive");
    stopped_free(&s);
}

/* Each tensor overlaps very many others in time, so boxes are sorted, too. */
Test(plan_sorting_stops, boxes_while_they_are_sorted) {
    stopped s = stopped_make(PLAN_SHAPE_UNIFORM);
    size_t without = stop_along(&s, 1, LOOKS, STEP);
    cr_assert(without > 0, "without: %zu", without);
    stopped_free(&s);
}
