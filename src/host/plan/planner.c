#include "host/plan/planner.h"

#include <string.h>

#include "host/contract/lifetime_input.h"

void rein_i_planner_layout(planner *pl, size_t count, arena *memory) {
    rein_i_instance_layout(&pl->in, count, memory);
    rein_i_heuristics_layout(&pl->quick, count, memory);
    pl->best.offset = arena_take(memory, count, sizeof *pl->best.offset);
    size_t searched = count < PLAN_SEARCH_MAX_COUNT ? count : PLAN_SEARCH_MAX_COUNT;
    pl->part_first = arena_take(memory, searched, sizeof *pl->part_first);
    pl->part_last = arena_take(memory, searched, sizeof *pl->part_last);
    /* Nothing is searched while there are boxes. */
    size_t mark = memory->used_bytes;
    rein_i_filling_layout(&pl->fill, count, memory);
    rein_i_search_layout(&pl->se, count + rein_i_filling_most(count), memory);
    size_t end = arena_reuse(memory, mark);
    rein_i_boxes_layout(&pl->quick.packing, count, memory);
    arena_keep(memory, end);
}

static void keep_placement(planner *pl, const uint64_t *offsets, uint64_t height) {
    memcpy(pl->best.offset, offsets, pl->in.count * sizeof *offsets);
    pl->best.exists = true;
    pl->best.height = height;
}

uint64_t rein_i_planner_largest_height(const planner *pl) {
    return PLACEMENT_BYTES_MAX / pl->in.granule_bytes;
}

bool rein_i_planner_is_cancelled(const rein_plan_options *options) {
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
    if (rein_i_planner_is_cancelled(pl->options)) {
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
    pl->quick.in = &pl->in;
    pl->quick.best = &pl->best;
    pl->quick.bound = pl->lower_bound;
    pl->quick.highest = rein_i_planner_largest_height(pl);
    pl->quick.stop = &pl->stopping;
    if (pl->can_search) {
        rein_i_heuristics_run_small(&pl->quick);
    } else {
        rein_i_heuristics_run_large(&pl->quick);
    }
}

/* What there is before there is an instance. */
static void know_nothing(planner *pl) {
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
    know_nothing(pl);
    if (!rein_i_instance_build(&pl->in, problem, pl->quick.space, &pl->stopping)) {
        return false;
    }
    find_bound(pl);
    pl->can_search = rein_i_search_state_holds(&pl->in);
    run_heuristics(pl);
    if (pl->can_search) {
        rein_i_planner_prepare_search(pl);
    }
    return true;
}

void rein_i_planner_prepare_search(planner *pl) {
    rein_i_search_state_build(&pl->se.st, &pl->in);
    rein_i_search_memo_begin(&pl->se.refuted, pl->in.count + rein_i_filling_most(pl->in.count));
}

enum { RULE_COUNT = 8, RUN_STEPS = 1500, FIRST_FILLED_ROUND = 5, FILLINGS_PER_LENGTH = 3 };

static const search_rules portfolio[RULE_COUNT] = {
    {SECTION_FEWEST_CHILDREN, CANDIDATE_LARGEST, 0},
    {SECTION_LEAST_SLACK, CANDIDATE_FLUSH_LARGEST, 0},
    {SECTION_FEWEST_CHILDREN, CANDIDATE_WIDEST, 0},
    {SECTION_LEAST_SLACK, CANDIDATE_NOISY_LARGEST, 0},
    {SECTION_FEWEST_CHILDREN, CANDIDATE_FLUSH_WIDEST, 0},
    {SECTION_LEAST_SLACK, CANDIDATE_WIDEST, 0},
    {SECTION_LEAST_SLACK, CANDIDATE_FLUSH_WIDEST, 0},
    {SECTION_LEAST_SLACK_LOWEST, CANDIDATE_NOISY_LARGEST, 0},
};

static uint64_t noise_of_run(const planner *pl, uint64_t run) {
    return (pl->options->seed + 1) * UINT64_C(0x9E3779B97F4A7C15) + run;
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
    keep_placement(pl, pl->se.st.offset, rein_i_instance_height(&pl->in, pl->se.st.offset));
}

/* Where a search is on its way. */
typedef struct journey {
    uint64_t capacity;
    uint64_t run;
    uint64_t end_of_steps;
} journey;

/* One run with each pair of rules, of `length` steps each. */
static search_end run_portfolio(planner *pl, journey *j, uint64_t length) {
    search *se = &pl->se;
    search_end end = SEARCH_LIMIT;
    for (int i = 0; i < RULE_COUNT && end == SEARCH_LIMIT && se->steps < j->end_of_steps; i++) {
        search_rules rules = portfolio[i];
        rules.noise = noise_of_run(pl, j->run++);
        uint64_t left = j->end_of_steps - se->steps;
        se->step_limit = se->steps + (length < left ? length : left);
        end = rein_i_search_run(se, j->capacity, rules);
    }
    return end;
}

/* A portfolio on the instance with its slack filled, which only answers by a placement. False where
 * no filling can be drawn. */
static bool run_filled(planner *pl, journey *j, search_end *out_end) {
    uint64_t noise = noise_of_run(pl, j->run);
    if (!rein_i_filling_draw(&pl->fill, noise) || !rein_i_search_state_holds(&pl->fill.in)) {
        return false;
    }
    rein_i_search_state_build(&pl->se.st, &pl->fill.in);
    pl->se.salt = j->run;
    search_end end = run_portfolio(pl, j, RUN_STEPS);
    if (end == SEARCH_SOLVED) {
        rein_i_filling_take_out(&pl->fill, pl->se.st.offset);
    }
    pl->se.salt = 0;
    rein_i_search_state_build(&pl->se.st, &pl->in);
    *out_end = end == SEARCH_REFUTED ? SEARCH_LIMIT : end;
    return true;
}

/* Rounds of growing length on the instance itself, and from some round on as many more on fillings.
 */
static search_end run_rounds(planner *pl, journey *j) {
    search_end end = SEARCH_LIMIT;
    rein_i_filling_begin(&pl->fill, &pl->in, j->capacity);
    bool has_filling = pl->fill.change_count > 0;
    for (uint64_t round = 0; end == SEARCH_LIMIT && pl->se.steps < j->end_of_steps; round++) {
        uint64_t length = restart_length(round);
        end = run_portfolio(pl, j, RUN_STEPS * length);
        uint64_t fillings = round < FIRST_FILLED_ROUND ? 0 : FILLINGS_PER_LENGTH * length;
        for (; end == SEARCH_LIMIT && has_filling && fillings > 0; fillings--) {
            has_filling = pl->se.steps < j->end_of_steps && run_filled(pl, j, &end);
        }
    }
    return end;
}

static uint64_t larger(uint64_t left, uint64_t right) {
    return left > right ? left : right;
}

search_end rein_i_planner_search(planner *pl, uint64_t capacity, uint64_t steps) {
    search *se = &pl->se;
    journey j = {capacity, 0, add_saturating(se->steps, steps)};
    search_end end = run_rounds(pl, &j);
    if (end == SEARCH_SOLVED) {
        take_solution(pl);
    }
    if (end == SEARCH_REFUTED) {
        pl->lower_bound = larger(pl->lower_bound, larger(se->need, capacity + 1));
    }
    return end;
}

bool rein_i_planner_write_log(planner *pl, uint64_t capacity, rein_plan_log *log) {
    static const search_rules logged = {SECTION_FEWEST_CHILDREN, CANDIDATE_IN_ORDER, 0};
    search *se = &pl->se;
    rein_i_search_memo_clear(&se->refuted);
    se->log = log;
    se->step_limit = pl->options->effort_steps;
    search_end end = rein_i_search_run(se, capacity, logged);
    se->log = NULL;
    return end == SEARCH_REFUTED && log->length <= log->capacity;
}
