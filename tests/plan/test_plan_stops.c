/* Deadline, cancel flag and progress inside the heuristics. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "plan/plan.h"
#include "plan_case.h"
#include "plan_shapes.h"
#include "test_divisor.h"
#include "ticking_clock.h"

enum { COUNT = 4200, ALL_LOOKS = 80 / TEST_DIVISOR };

typedef struct stopped {
    rein_tensor_lifetime lifetimes[COUNT];
    uint64_t offsets[COUNT];
    rein_workspace workspace;
    rein_plan_outcome outcome;
    int64_t looks;
} stopped;

/* Stops at the given stop check, by deadline or by the flag. */
static void minimise_until(stopped *s, int64_t look, bool by_flag) {
    ticking t = {0, by_flag ? look : INT64_MAX, false};
    rein_clock clock = ticking_clock(&t);
    rein_plan_problem problem = {s->lifetimes, COUNT, NULL};
    rein_plan_options options = {.clock = &clock,
                                 .deadline = by_flag ? rein_timestamp_never()
                                                     : rein_timestamp_from_ns(look),
                                 .cancel = &t.flag};
    s->outcome =
        REIN_UNWRAP(rein_plan_minimise(&problem, &options, s->workspace, s->offsets, NULL));
    s->looks = t.now_ns;
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_placement_check(s->lifetimes, COUNT, s->offsets, s->workspace));
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND, "look %zu: sound", (size_t)look);
    cr_assert(verdict.height_bytes == s->outcome.height_bytes, "its own height");
}

/* Stops orders that miss the bound, and repairs. */
Test(plan_stops, heuristics_at_every_poll_with_the_best_so_far) {
    static const plan_shape shapes[] = {PLAN_SHAPE_SCALES, PLAN_SHAPE_UNIFORM};
    stopped *s = calloc(1, sizeof *s);
    uint64_t bytes = REIN_UNWRAP(rein_plan_workspace_bytes(COUNT));
    s->workspace = (rein_workspace){malloc(bytes), bytes};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        plan_shape_make(shapes[i], COUNT, 1, s->lifetimes);
        minimise_until(s, INT64_MAX, false);
        int64_t looks = s->looks;
        uint64_t least = s->outcome.height_bytes;
        cr_assert(looks > COUNT / 64 && s->outcome.stop == REIN_PLAN_STOP_SIZE,
                  "continues to the end");
        uint64_t before = UINT64_MAX;
        /* Every stop check of the passes; some of the repairs, which check often. */
        for (int64_t look = 1; look < looks;
             look += look < ALL_LOOKS ? 1 : TEST_DIVISOR * looks / 10) {
            bool by_flag = look % 2 == 0;
            minimise_until(s, look, by_flag);
            cr_assert(s->outcome.answer == REIN_PLAN_UNKNOWN, "look %zu", (size_t)look);
            cr_assert(s->outcome.stop ==
                          (by_flag ? REIN_PLAN_STOP_CANCEL : REIN_PLAN_STOP_DEADLINE),
                      "look %zu", (size_t)look);
            cr_assert(s->outcome.height_bytes <= before, "never worse if stopped later");
            cr_assert(s->outcome.height_bytes >= least, "never better than the end");
            before = s->outcome.height_bytes;
        }
    }
    free(s->workspace.memory);
    free(s);
}

typedef struct large_stop {
    rein_tensor_lifetime *lifetimes;
    uint64_t *offsets;
    uint64_t *fixed;
    size_t count;
    rein_workspace workspace;
    uint64_t effort_steps;
    uint64_t capacity_bytes; /* 0: the least height */
} large_stop;

static large_stop large_stop_make(size_t count, uint64_t effort_steps) {
    uint64_t bytes = REIN_UNWRAP(rein_plan_workspace_bytes(count));
    uint64_t *fixed = calloc(count, sizeof *fixed);
    for (size_t i = 0; i < count; i++) {
        fixed[i] = REIN_PLAN_FREE;
    }
    return (large_stop){calloc(count, sizeof(rein_tensor_lifetime)),
                        calloc(count, sizeof(uint64_t)),
                        fixed,
                        count,
                        {malloc(bytes), bytes},
                        effort_steps,
                        0};
}

static void large_stop_free(large_stop *ls) {
    free(ls->workspace.memory);
    free(ls->fixed);
    free(ls->offsets);
    free(ls->lifetimes);
}

/* Stops at the given stop check, by the flag; returns the number of stop checks. */
static int64_t stop_at(large_stop *ls, int64_t look, rein_plan_outcome *out_outcome) {
    ticking t = {0, look, false};
    rein_clock clock = ticking_clock(&t);
    rein_plan_problem problem = {ls->lifetimes, ls->count, ls->fixed};
    rein_plan_options options = {.effort_steps = ls->effort_steps,
                                 .clock = &clock,
                                 .deadline = rein_timestamp_never(),
                                 .cancel = &t.flag};
    rein_result_plan_outcome result =
        ls->capacity_bytes == 0
            ? rein_plan_minimise(&problem, &options, ls->workspace, ls->offsets, NULL)
            : rein_plan_decide(&problem, ls->capacity_bytes, &options, ls->workspace, ls->offsets,
                               NULL);
    *out_outcome = REIN_UNWRAP(result);
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_placement_check(ls->lifetimes, ls->count, ls->offsets, ls->workspace));
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND, "look %zu: sound", (size_t)look);
    cr_assert(verdict.height_bytes == out_outcome->height_bytes, "its own height");
    cr_assert(out_outcome->lower_bound_bytes <= out_outcome->height_bytes, "an interval");
    return t.now_ns;
}

/* Stops at `samples` stop checks, spread from the one after `from` to the last. */
static void stop_along(large_stop *ls, int64_t from, int64_t samples) {
    rein_plan_outcome outcome;
    int64_t looks = stop_at(ls, INT64_MAX, &outcome);
    cr_assert(looks > from + samples, "looks: %zu", (size_t)looks);
    for (int64_t i = 0; i < samples; i++) {
        int64_t look = from + 1 + (looks - from - 2) * i / (samples - 1);
        cr_assert(stop_at(ls, look, &outcome) <= look + 1, "no poll after the one that stops it");
        cr_assert(outcome.stop == REIN_PLAN_STOP_CANCEL, "poll %zu of %zu", (size_t)look,
                  (size_t)looks);
        cr_assert(outcome.answer == REIN_PLAN_UNKNOWN, "look %zu", (size_t)look);
    }
}

/* Each tensor overlaps more than three thousand others in time. */
Test(plan_stops, boxes_while_they_are_packed_and_placed) {
    enum { MANY = 9600, SAMPLES = 8 / TEST_DIVISOR };
    large_stop ls = large_stop_make(MANY, 0);
    plan_shape_make(PLAN_SHAPE_UNIFORM, MANY, 1, ls.lifetimes);
    stop_along(&ls, 0, SAMPLES);
    large_stop_free(&ls);
}

/* The free tensors are one byte too large for the gaps between the fixed ones, so they lie on top.
 * Repairs do not help, and go on until the effort is spent. */
Test(plan_stops, repairs_that_take_effort) {
    enum { SAMPLES = 8 / TEST_DIVISOR };
    large_stop ls = large_stop_make(COUNT, 0);
    uint64_t next = 0;
    for (size_t i = 0; i < COUNT; i++) {
        bool is_free = i % 500 == 0;
        ls.lifetimes[i] =
            (rein_tensor_lifetime){rein_tensor_id_make(i), 0, 2 + (int64_t)i, is_free ? 3 : 1, 1};
        ls.fixed[i] = is_free ? REIN_PLAN_FREE : next;
        next += is_free ? 0 : 3;
    }
    rein_plan_outcome outcome;
    int64_t without_effort = stop_at(&ls, INT64_MAX, &outcome);
    ls.effort_steps = 20000;
    stop_along(&ls, without_effort, SAMPLES);
    large_stop_free(&ls);
}

/* Small tight problems one after the other in time. Some tensors are empty; the others are still
 * too many for the exact search. */
Test(plan_stops, searches_of_parts) {
    enum { PARTS = 220, PART_COUNT = 30, PART_TIME = 100, SAMPLES = 2 };
    large_stop ls = large_stop_make((size_t)PARTS * PART_COUNT, 0);
    for (size_t part = 0; part < PARTS; part++) {
        plan_case pc = plan_case_make_tight(part, PART_COUNT, 16);
        for (size_t i = 0; i < PART_COUNT; i++) {
            rein_tensor_lifetime *lifetime = &ls.lifetimes[part * PART_COUNT + i];
            *lifetime = pc.lifetimes[i];
            lifetime->from += (int64_t)(part * PART_TIME);
            lifetime->until += (int64_t)(part * PART_TIME);
        }
    }
    rein_plan_outcome outcome;
    int64_t without_effort = stop_at(&ls, INT64_MAX, &outcome);
    ls.effort_steps = 20000;
    stop_along(&ls, without_effort, SAMPLES);
    ls.capacity_bytes = outcome.lower_bound_bytes;
    stop_along(&ls, without_effort, SAMPLES);
    large_stop_free(&ls);
}

typedef struct seen {
    int calls;
    int of_heuristics;
    rein_plan_progress last;
} seen;

static void record_progress(void *self, const rein_plan_progress *progress) {
    seen *s = self;
    s->calls++;
    s->of_heuristics += progress->placed_count > 0;
    s->last = *progress;
}

Test(plan_stops, heuristics_report_progress) {
    enum { MANY = 50000 / TEST_DIVISOR };
    rein_tensor_lifetime *lifetimes = calloc(MANY, sizeof *lifetimes);
    uint64_t *offsets = calloc(MANY, sizeof *offsets);
    uint64_t bytes = REIN_UNWRAP(rein_plan_workspace_bytes(MANY));
    rein_workspace workspace = {malloc(bytes), bytes};
    plan_shape_make(PLAN_SHAPE_SCALES, MANY, 1, lifetimes);
    rein_plan_problem problem = {lifetimes, MANY, NULL};
    seen s = {0, 0, {0, 0, 0, 0}};
    rein_plan_options options = {.on_progress = record_progress, .self = &s};
    rein_plan_outcome outcome =
        REIN_UNWRAP(rein_plan_minimise(&problem, &options, workspace, offsets, NULL));
    cr_assert(s.of_heuristics >= MANY / 4096, "calls: %d", s.of_heuristics);
    cr_assert(s.last.lower_bound_bytes == outcome.lower_bound_bytes, "the bound");
    cr_assert(s.last.height_bytes >= outcome.height_bytes, "the best so far");
    cr_assert(s.last.placed_count <= MANY, "of all tensors");
    free(workspace.memory);
    free(offsets);
    free(lifetimes);
}
