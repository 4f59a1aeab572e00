#include "host/plan/planner.h"

#include <string.h>

void planner_layout(planner *pl, size_t count, arena *memory) {
    instance_layout(&pl->in, count, memory);
    first_fit_layout(&pl->heuristic, count, memory);
    search_layout(&pl->se, count, memory);
    pl->best = arena_take(memory, count, sizeof *pl->best);
    pl->scratch = arena_take(memory, 2 * count, sizeof *pl->scratch);
}

static void keep_placement(planner *pl, const uint64_t *offsets, uint64_t height) {
    if (pl->in.count > 0) {
        memcpy(pl->best, offsets, pl->in.count * sizeof *offsets);
    }
    pl->has_placement = true;
    pl->height = height;
}

uint64_t planner_largest_height(const planner *pl) {
    return (UINT64_C(1) << 63) / pl->in.granule_bytes;
}

/* Another order may take seconds where there are many tensors: not for the last part in 256. */
static bool is_good_enough(const planner *pl) {
    uint64_t tolerance = pl->in.count > PLAN_SEARCH_MAX_COUNT ? pl->lower_bound / 256 : 0;
    return pl->height - pl->lower_bound <= tolerance;
}

static void run_heuristics(planner *pl) {
    uint64_t most = planner_largest_height(pl);
    first_fit_build(&pl->heuristic, &pl->in);
    for (int order = 0; order < FIRST_FIT_ORDER_COUNT; order++) {
        if (!first_fit_run(&pl->heuristic, (first_fit_order)order, most)) {
            continue;
        }
        keep_placement(pl, pl->heuristic.offset, pl->heuristic.height);
        if (is_good_enough(pl)) {
            break;
        }
        most = pl->height - 1;
    }
}

static bool is_cancelled(const rein_plan_options *options) {
    return options->cancel != NULL && __atomic_load_n(options->cancel, __ATOMIC_RELAXED);
}

static bool is_late(const rein_plan_options *options) {
    return options->clock != NULL &&
           rein_timestamp_compare(rein_clock_now(options->clock), options->deadline) >= 0;
}

enum { STEPS_PER_PROGRESS = 4096 };

static void report_progress(const planner *pl) {
    const rein_plan_options *options = pl->options;
    if (options->on_progress != NULL && pl->se.steps % STEPS_PER_PROGRESS == 0) {
        rein_plan_progress progress = {
            pl->se.steps, pl->has_placement ? pl->height * pl->in.granule_bytes : UINT64_MAX,
            pl->lower_bound * pl->in.granule_bytes};
        options->on_progress(options->self, &progress);
    }
}

/* Called before every step. */
static bool may_go_on(void *self) {
    planner *pl = self;
    report_progress(pl);
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

void planner_begin(planner *pl, const rein_plan_problem *problem,
                   const rein_plan_options *options) {
    pl->problem = problem;
    pl->options = options;
    pl->stop = REIN_PLAN_STOP_DONE;
    pl->has_placement = false;
    pl->height = PLAN_NEVER;
    instance_build(&pl->in, problem, pl->scratch);
    pl->lower_bound = pl->in.peak;
    run_heuristics(pl);
    pl->can_search = state_holds(&pl->in);
    if (pl->can_search) {
        state_build(&pl->se.st, &pl->in);
        memo_clear(&pl->se.refuted);
    }
    pl->se.steps = 0;
    pl->se.log = NULL;
    pl->se.poll = may_go_on;
    pl->se.poll_self = pl;
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
    const instance *in = &pl->in;
    uint64_t height = 0;
    for (uint32_t i = 0; i < in->count; i++) {
        uint64_t end = pl->se.st.offset[i] + in->size[i];
        height = end > height ? end : height;
    }
    keep_placement(pl, pl->se.st.offset, height);
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
