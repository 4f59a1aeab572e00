#include "host/plan/portfolio.h"

#include <string.h>

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

/* Returns element `index`, from 0, of the universal restart sequence: 1 1 2 1 1 2 4 1 1 2 1 1 2 4 8
 * and so on. */
static uint64_t restart_length(uint64_t index) {
    uint64_t position = index + 1;
    while ((position & (position + 1)) != 0) {
        uint64_t power = UINT64_C(1) << (63 - __builtin_clzll(position));
        position -= power - 1;
    }
    return (position + 1) / 2;
}

static void keep_placement(planner *pl, const uint64_t *offsets) {
    memcpy(pl->best.offset, offsets, pl->in.count * sizeof *offsets);
    pl->best.exists = true;
    pl->best.height = rein_i_instance_height(&pl->in, offsets);
}

/* The progress of one search over its runs. */
typedef struct search_runs {
    uint64_t capacity;
    uint64_t next; /* number of the next run */
    uint64_t end_of_steps;
} search_runs;

/* Runs each pair of rules once, for at most `length` steps each. */
static search_end run_portfolio(planner *pl, search_runs *runs, uint64_t length) {
    search *se = &pl->se;
    search_end end = SEARCH_LIMIT;
    for (int i = 0; i < RULE_COUNT && end == SEARCH_LIMIT && se->steps < runs->end_of_steps; i++) {
        search_rules rules = portfolio[i];
        rules.noise = noise_of_run(pl, runs->next++);
        uint64_t left = runs->end_of_steps - se->steps;
        se->step_limit = se->steps + (length < left ? length : left);
        end = rein_i_search_run(se, runs->capacity, rules);
    }
    return end;
}

/* Runs the portfolio on the instance with its slack filled. Only a placement counts: a refuted
 * filling proves nothing. Returns false if no filling can be drawn. */
static bool run_filled(planner *pl, search_runs *runs, search_end *out_end) {
    uint64_t noise = noise_of_run(pl, runs->next);
    if (!rein_i_filling_draw(&pl->fill, noise) || !rein_i_state_holds(&pl->fill.in)) {
        return false;
    }
    rein_i_state_build(&pl->se.st, &pl->fill.in);
    pl->se.salt = runs->next;
    search_end end = run_portfolio(pl, runs, RUN_STEPS);
    if (end == SEARCH_SOLVED) {
        rein_i_filling_take_out(&pl->fill, pl->se.st.offset);
    }
    pl->se.salt = 0;
    rein_i_state_build(&pl->se.st, &pl->in);
    *out_end = end == SEARCH_REFUTED ? SEARCH_LIMIT : end;
    return true;
}

/* Runs rounds of growing length on the instance, and after some rounds also on fillings. */
static search_end run_rounds(planner *pl, search_runs *runs) {
    search_end end = SEARCH_LIMIT;
    rein_i_filling_begin(&pl->fill, &pl->in, runs->capacity);
    bool has_filling = pl->fill.change_count > 0;
    for (uint64_t round = 0; end == SEARCH_LIMIT && pl->se.steps < runs->end_of_steps; round++) {
        uint64_t length = restart_length(round);
        end = run_portfolio(pl, runs, RUN_STEPS * length);
        uint64_t fillings = round < FIRST_FILLED_ROUND ? 0 : FILLINGS_PER_LENGTH * length;
        for (; end == SEARCH_LIMIT && has_filling && fillings > 0; fillings--) {
            has_filling = pl->se.steps < runs->end_of_steps && run_filled(pl, runs, &end);
        }
    }
    return end;
}

static uint64_t larger(uint64_t left, uint64_t right) {
    return left > right ? left : right;
}

search_end rein_i_portfolio_search(planner *pl, uint64_t capacity, uint64_t steps) {
    search *se = &pl->se;
    search_runs runs = {capacity, 0, add_saturating(se->steps, steps)};
    search_end end = run_rounds(pl, &runs);
    if (end == SEARCH_SOLVED) {
        keep_placement(pl, pl->se.st.offset);
    }
    if (end == SEARCH_REFUTED) {
        pl->lower_bound = larger(pl->lower_bound, larger(se->need, capacity + 1));
    }
    return end;
}

bool rein_i_portfolio_write_log(planner *pl, uint64_t capacity, rein_plan_log *log) {
    static const search_rules logged = {SECTION_FEWEST_CHILDREN, CANDIDATE_IN_ORDER, 0};
    search *se = &pl->se;
    rein_i_memo_clear(&se->refuted);
    se->log = log;
    se->step_limit = pl->options->effort_steps;
    search_end end = rein_i_search_run(se, capacity, logged);
    se->log = NULL;
    return end == SEARCH_REFUTED && log->length <= log->capacity;
}
