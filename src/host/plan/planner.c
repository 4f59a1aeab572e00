#include "host/plan/planner.h"

#include "host/contract/lifetime_input.h"
#include "host/contract/stop.h"

void rein_i_planner_layout(planner *pl, size_t count, arena *memory) {
    rein_i_instance_layout(&pl->in, count, memory);
    rein_i_heuristics_layout(&pl->heuristics, count, memory);
    pl->best.offset = arena_take(memory, count, sizeof *pl->best.offset);
    size_t searched = count < PLAN_SEARCH_MAX_COUNT ? count : PLAN_SEARCH_MAX_COUNT;
    pl->part_first = arena_take(memory, searched, sizeof *pl->part_first);
    pl->part_last = arena_take(memory, searched, sizeof *pl->part_last);
    /* The boxes and the search are never in use at the same time. */
    size_t mark = memory->used_bytes;
    rein_i_filling_layout(&pl->fill, count, memory);
    rein_i_search_layout(&pl->se, count + rein_i_filling_max_count(count), memory);
    size_t end = arena_reuse(memory, mark);
    rein_i_boxes_layout(&pl->heuristics.packing, count, memory);
    arena_keep(memory, end);
}

uint64_t rein_i_planner_largest_height(const planner *pl) {
    return REIN_PLACEMENT_BYTES_MAX / pl->in.granule_bytes;
}

static uint64_t best_height(const planner *pl) {
    uint64_t beside = pl->height_beside;
    return pl->best.height > beside ? pl->best.height : beside;
}

static void report_progress(const planner *pl, uint32_t placed_count) {
    const rein_plan_options *options = pl->options;
    rein_plan_progress progress = {
        .steps = pl->se.steps,
        .height_bytes = pl->best.exists ? best_height(pl) * pl->in.granule_bytes : UINT64_MAX,
        .lower_bound_bytes = pl->lower_bound * pl->in.granule_bytes,
        .placed_count = placed_count};
    if (options->on_progress != NULL) {
        options->on_progress(options->self, &progress);
    }
}

static bool may_go_on(planner *pl) {
    if (stop_is_cancelled(pl->options->cancel)) {
        pl->stop = REIN_PLAN_STOP_CANCEL;
        return false;
    }
    if (stop_is_late(pl->options->clock, pl->options->deadline)) {
        pl->stop = REIN_PLAN_STOP_DEADLINE;
        return false;
    }
    return true;
}

enum { STEPS_PER_PROGRESS = 4096, LOOKS_PER_PROGRESS = 64 };

/* Called before every step of the search. */
static bool may_step(void *self) {
    planner *pl = self;
    if (pl->se.steps % STEPS_PER_PROGRESS == 0) {
        report_progress(pl, 0);
    }
    return may_go_on(pl);
}

/* Called at every stop check of the heuristics. */
static bool may_place(void *self, uint32_t placed_count) {
    planner *pl = self;
    if (++pl->looks % LOOKS_PER_PROGRESS == 0) {
        report_progress(pl, placed_count);
    }
    return may_go_on(pl);
}

/* Sets the lower bound: the greater of the peak and the highest end of a fixed tensor. */
static void find_bound(planner *pl) {
    const instance *in = &pl->in;
    pl->fixed_end = 0;
    pl->fixed_row = 0;
    for (uint32_t i = 0; i < in->count; i++) {
        bool is_fixed = instance_is_fixed(in, i);
        uint64_t end = is_fixed ? in->fixed[i] + in->size[i] : 0;
        pl->fixed_row = end > pl->fixed_end ? in->source[i] : pl->fixed_row;
        pl->fixed_end = end > pl->fixed_end ? end : pl->fixed_end;
    }
    pl->lower_bound = in->peak > pl->fixed_end ? in->peak : pl->fixed_end;
}

static void run_heuristics(planner *pl) {
    pl->heuristics.in = &pl->in;
    pl->heuristics.best = &pl->best;
    pl->heuristics.bound = pl->lower_bound;
    pl->heuristics.highest = rein_i_planner_largest_height(pl);
    pl->heuristics.stop = &pl->stopping;
    if (pl->can_search) {
        rein_i_heuristics_run_small(&pl->heuristics);
    } else {
        rein_i_heuristics_run_large(&pl->heuristics);
    }
}

/* Sets the fields that are read if the call is stopped before the instance is built. */
static void reset(planner *pl) {
    pl->stop = REIN_PLAN_STOP_DONE;
    pl->height_beside = 0;
    pl->looks = 0;
    pl->lower_bound = 0;
    pl->best.exists = false;
    pl->best.height = PLAN_NEVER;
    pl->stopping = (stop_check){may_place, pl, false};
}

bool rein_i_planner_begin(planner *pl, const rein_plan_problem *problem,
                          const rein_plan_options *options) {
    pl->problem = problem;
    pl->options = options;
    pl->se.poll = may_step;
    pl->se.poll_self = pl;
    reset(pl);
    if (!rein_i_instance_build(&pl->in, problem, pl->heuristics.space, &pl->stopping)) {
        return false;
    }
    find_bound(pl);
    pl->can_search = rein_i_state_holds(&pl->in);
    run_heuristics(pl);
    if (pl->can_search) {
        rein_i_planner_prepare_search(pl);
    }
    return true;
}

void rein_i_planner_prepare_search(planner *pl) {
    rein_i_state_build(&pl->se.st, &pl->in);
    rein_i_memo_begin(&pl->se.refuted, pl->in.count + rein_i_filling_max_count(pl->in.count));
}
