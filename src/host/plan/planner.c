#include "host/plan/planner.h"

#include <string.h>

void planner_layout(planner *pl, size_t count, arena *memory) {
    instance_layout(&pl->in, count, memory);
    heuristics_layout(&pl->quick, count, memory);
    pl->best.offset = arena_take(memory, count, sizeof *pl->best.offset);
    size_t part = count < PLAN_SEARCH_MAX_COUNT ? count : PLAN_SEARCH_MAX_COUNT;
    pl->part_first = arena_take(memory, part, sizeof *pl->part_first);
    pl->part_last = arena_take(memory, part, sizeof *pl->part_last);
    /* Nothing is searched while there are boxes. */
    size_t mark = memory->used_bytes;
    search_layout(&pl->se, count, memory);
    size_t end = arena_reuse(memory, mark);
    boxes_layout(&pl->quick.packing, count, memory);
    arena_keep(memory, end);
}

static void keep_placement(planner *pl, const uint64_t *offsets, uint64_t height) {
    if (pl->in.count > 0) {
        memcpy(pl->best.offset, offsets, pl->in.count * sizeof *offsets);
    }
    pl->best.exists = true;
    pl->best.height = height;
}

uint64_t planner_largest_height(const planner *pl) {
    return (UINT64_C(1) << 63) / pl->in.granule_bytes;
}

static bool is_cancelled(const rein_plan_options *options) {
    return options->cancel != NULL && __atomic_load_n(options->cancel, __ATOMIC_RELAXED);
}

static bool is_late(const rein_plan_options *options) {
    return options->clock != NULL &&
           rein_timestamp_compare(rein_clock_now(options->clock), options->deadline) >= 0;
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
    if (is_cancelled(pl->options)) {
        pl->stop = REIN_PLAN_STOP_CANCEL;
        return false;
    }
    if (is_late(pl->options)) {
        pl->stop = REIN_PLAN_STOP_DEADLINE;
        return false;
    }
    return true;
}

enum { STEPS_PER_PROGRESS = 4096, LOOKS_PER_PROGRESS = 64 };

/* Called before every step. */
static bool may_step(void *self) {
    planner *pl = self;
    if (pl->se.steps % STEPS_PER_PROGRESS == 0) {
        report_progress(pl, 0);
    }
    return may_go_on(pl);
}

/* Called by the heuristics. */
static bool may_place(void *self, uint32_t placed_count) {
    planner *pl = self;
    if (++pl->looks % LOOKS_PER_PROGRESS == 0) {
        report_progress(pl, placed_count);
    }
    return may_go_on(pl);
}

/* The end of a fixed tensor is a lower bound, too. */
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
    pl->best.exists = false;
    pl->best.height = PLAN_NEVER;
    pl->watching = (watch){may_place, pl, false};
    pl->quick.in = &pl->in;
    pl->quick.best = &pl->best;
    pl->quick.bound = pl->lower_bound;
    pl->quick.highest = planner_largest_height(pl);
    pl->quick.w = &pl->watching;
    if (pl->can_search) {
        heuristics_run_small(&pl->quick);
    } else {
        heuristics_run_large(&pl->quick);
    }
}

void planner_begin(planner *pl, const rein_plan_problem *problem,
                   const rein_plan_options *options) {
    pl->problem = problem;
    pl->options = options;
    pl->stop = REIN_PLAN_STOP_DONE;
    pl->height_beside = 0;
    pl->looks = 0;
    pl->se.steps = 0;
    pl->se.log = NULL;
    pl->se.poll = may_step;
    pl->se.poll_self = pl;
    instance_build(&pl->in, problem, pl->quick.space);
    find_bound(pl);
    pl->can_search = state_holds(&pl->in);
    run_heuristics(pl);
    if (pl->can_search) {
        planner_prepare_search(pl);
    }
}

void planner_prepare_search(planner *pl) {
    state_build(&pl->se.st, &pl->in);
    memo_clear(&pl->se.refuted);
}

enum { RULE_COUNT = 8, RUN_STEPS = 1500 };

static const search_rules portfolio[RULE_COUNT] = {
    {NICHE_FEWEST_CHILDREN, CANDIDATE_LARGEST, 0},
    {NICHE_LEAST_SLACK, CANDIDATE_FLUSH_LARGEST, 0},
    {NICHE_FEWEST_CHILDREN, CANDIDATE_WIDEST, 0},
    {NICHE_LEAST_SLACK, CANDIDATE_NOISY_LARGEST, 0},
    {NICHE_FEWEST_CHILDREN, CANDIDATE_FLUSH_WIDEST, 0},
    {NICHE_LEAST_SLACK, CANDIDATE_WIDEST, 0},
    {NICHE_LEAST_SLACK, CANDIDATE_FLUSH_WIDEST, 0},
    {NICHE_LEAST_SLACK_LOWEST, CANDIDATE_NOISY_LARGEST, 0},
};

static search_rules rules_of_run(const planner *pl, uint64_t run) {
    search_rules rules = portfolio[run % RULE_COUNT];
    rules.noise = (pl->options->seed + 1) * UINT64_C(0x9E3779B97F4A7C15) + run;
    return rules;
}

/* The universal sequence for restarts: 1 1 2 1 1 2 4 1 1 2 1 1 2 4 8 and so on, from index 0. */
static uint64_t restart_length(uint64_t index) {
    uint64_t position = index + 1;
    while ((position & (position + 1)) != 0) {
        uint64_t power = UINT64_C(1) << (63 - __builtin_clzll(position));
        position -= power - 1;
    }
    return (position + 1) / 2;
}

static void take_solution(planner *pl) {
    keep_placement(pl, pl->se.st.offset, instance_height(&pl->in, pl->se.st.offset));
}

search_end planner_search(planner *pl, uint64_t capacity, uint64_t steps) {
    search *se = &pl->se;
    uint64_t end_of_steps = add_saturating(se->steps, steps);
    search_end end = SEARCH_LIMIT;
    for (uint64_t run = 0; end == SEARCH_LIMIT && se->steps < end_of_steps; run++) {
        uint64_t length = RUN_STEPS * restart_length(run / RULE_COUNT);
        uint64_t left = end_of_steps - se->steps;
        se->step_limit = se->steps + (length < left ? length : left);
        end = search_run(se, capacity, rules_of_run(pl, run));
    }
    if (end == SEARCH_SOLVED) {
        take_solution(pl);
    }
    if (end == SEARCH_REFUTED) {
        pl->lower_bound = se->need > pl->lower_bound ? se->need : pl->lower_bound;
    }
    return end;
}

bool planner_write_log(planner *pl, uint64_t capacity, rein_plan_log *log) {
    static const search_rules logged = {NICHE_FEWEST_CHILDREN, CANDIDATE_IN_ORDER, 0};
    search *se = &pl->se;
    memo_clear(&se->refuted);
    log->length = 0;
    se->log = log;
    se->step_limit = pl->options->effort_steps;
    search_end end = search_run(se, capacity, logged);
    se->log = NULL;
    return end == SEARCH_REFUTED && log->length <= log->capacity;
}
