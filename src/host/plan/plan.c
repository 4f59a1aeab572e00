#include "plan/plan.h"

#include "host/contract/lifetime_input.h"
#include "host/plan/divide.h"
#include "host/plan/outcome.h"
#include "host/plan/portfolio.h"
#include "host/plan/problem.h"

rein_result_bytes rein_plan_workspace_bytes(size_t count) {
    REIN_TRY(rein_result_bytes, rein_i_problem_check_count(count, REIN_HERE));
    planner pl;
    arena memory = {NULL, 0};
    rein_i_planner_layout(&pl, count, &memory);
    uint64_t other = REIN_UNWRAP(rein_lifetime_workspace_bytes(count));
    return rein_result_bytes_ok(memory.used_bytes > other ? memory.used_bytes : other);
}

/* The arguments of a call. */
typedef struct plan_call {
    const rein_plan_problem *problem;
    const rein_plan_options *options;
    rein_workspace workspace;
    uint64_t capacity_bytes; /* UINT64_MAX: the least height is requested */
    uint64_t *out_offsets;
    rein_plan_log *log; /* or NULL */
} plan_call;

/* Checks the fixed tensors and runs the heuristics. Returns false and sets `*out_outcome` if that
 * ends the call. */
static bool begin(planner *pl, const plan_call *call, rein_plan_outcome *out_outcome) {
    fixed_conflict conflict =
        rein_i_fixed_find_conflict(call->problem, call->options, call->workspace);
    if (conflict.exists) {
        *out_outcome = rein_i_outcome_of_conflict(&conflict);
        return false;
    }
    arena memory = {.base = call->workspace.memory};
    rein_i_planner_layout(pl, call->problem->count, &memory);
    bool is_stopped =
        conflict.is_unknown || !rein_i_planner_begin(pl, call->problem, call->options);
    if (is_stopped) {
        *out_outcome = rein_i_outcome_of_stop(call->problem, call->options, call->capacity_bytes);
    }
    return !is_stopped;
}

/* Searches, and returns the outcome. */
typedef rein_plan_outcome (*search_function)(planner *pl, const plan_call *call);

static rein_result_plan_outcome answer_call(plan_call call, search_function answer) {
    static const rein_plan_options no_effort;
    REIN_TRY(rein_result_plan_outcome, rein_plan_validate(call.problem));
    uint64_t needed_bytes = REIN_UNWRAP(rein_plan_workspace_bytes(call.problem->count));
    REIN_TRY(rein_result_plan_outcome, rein_i_problem_check_call(call.problem, needed_bytes,
                                                                 call.workspace, call.out_offsets));
    if (call.log != NULL) {
        call.log->length = 0;
    }
    call.options = call.options == NULL ? &no_effort : call.options;
    planner pl;
    rein_plan_outcome outcome;
    if (begin(&pl, &call, &outcome)) {
        outcome = answer(&pl, &call);
    }
    return rein_result_plan_outcome_ok(outcome);
}

/* Writes the refutation to `log`, which may be NULL. Returns false if the log is incomplete; its
 * length is then 0, or the length that it would have if only the capacity is too small. */
static bool write_log(planner *pl, uint64_t capacity, rein_plan_log *log) {
    if (log == NULL) {
        return false;
    }
    bool is_whole = rein_i_portfolio_write_log(pl, capacity, log);
    log->length = is_whole || log->length > log->capacity ? log->length : 0;
    return is_whole;
}

static bool fits(const planner *pl, uint64_t capacity) {
    return pl->best.exists && pl->best.height <= capacity;
}

/* Records why there may be no answer, unless a deadline or cancel stop is recorded already. */
static void note_stop(planner *pl) {
    if (pl->stop == REIN_PLAN_STOP_DONE) {
        pl->stop = pl->can_search ? REIN_PLAN_STOP_EFFORT : REIN_PLAN_STOP_SIZE;
    }
}

/* The capacities that are left to search: [low, high). */
typedef struct bisection {
    uint64_t low;
    uint64_t high;
    uint64_t target;
    bool was_refuted; /* the target is the new bound after a refutation */
} bisection;

static uint64_t unsolved_end(const planner *pl) {
    return pl->best.exists ? pl->best.height : rein_i_planner_largest_height(pl) + 1;
}

/* Chooses the next target. After a refutation, that is the new bound, which often is the least
 * height. Otherwise, and after two refutations in a row, it is the middle. */
static void bisection_next(bisection *b, const planner *pl, search_end end) {
    b->high = unsolved_end(pl);
    bool is_refuted = end == SEARCH_REFUTED;
    uint64_t least = is_refuted ? pl->lower_bound : b->target + 1;
    if (end != SEARCH_SOLVED) {
        b->low = least > b->low ? least : b->low;
    }
    bool goes_to_bound = is_refuted && !b->was_refuted;
    b->was_refuted = goes_to_bound;
    b->target = goes_to_bound ? b->low : b->low + (b->high - b->low) / 2;
}

/* Runs one bisection over the capacities, with at most `steps` for each search. */
static search_end bisect(planner *pl, uint64_t steps) {
    bisection b = {pl->lower_bound, unsolved_end(pl), pl->lower_bound, false};
    search_end end = SEARCH_LIMIT;
    while (b.low < b.high && end != SEARCH_STOPPED && pl->se.steps < pl->options->effort_steps) {
        uint64_t left = pl->options->effort_steps - pl->se.steps;
        end = rein_i_portfolio_search(pl, b.target, steps < left ? steps : left);
        bisection_next(&b, pl, end);
    }
    return end;
}

enum { FIRST_ROUND_STEPS = 20000, ROUND_GROWTH = 4 };

/* The steps of a round stop growing at this number. */
#define ROUND_STEPS_MAX (UINT64_C(1) << 40)

static uint64_t more_steps(uint64_t steps) {
    return steps < ROUND_STEPS_MAX ? steps * ROUND_GROWTH : steps;
}

/* Implements divide_search: searches a part for its least height. */
static search_end bisect_part(planner *pl, uint64_t capacity, uint64_t steps) {
    (void)capacity;
    return bisect(pl, steps);
}

/* Searches the parts of a problem that is too large as a whole. Capacity 0 asks for the least
 * height. */
static void divide(planner *pl, uint64_t capacity) {
    bool is_capped = capacity > 0;
    search_end end = SEARCH_LIMIT;
    uint64_t steps = FIRST_ROUND_STEPS;
    uint64_t before = UINT64_MAX;
    while (pl->best.exists && end != SEARCH_STOPPED && pl->se.steps != before &&
           pl->se.steps < pl->options->effort_steps && pl->best.height > pl->lower_bound &&
           (!is_capped || (pl->best.height > capacity && pl->lower_bound <= capacity))) {
        before = pl->se.steps;
        end = rein_i_divide_and_search(pl, capacity, steps,
                                       is_capped ? rein_i_portfolio_search : bisect_part);
        steps = more_steps(steps);
    }
}

/* Searches for a placement within the capacity. Returns whether the search refuted it. */
static bool search_within(planner *pl, uint64_t capacity) {
    search_end end = SEARCH_LIMIT;
    if (pl->can_search) {
        end = rein_i_portfolio_search(pl, capacity, pl->options->effort_steps);
    } else {
        divide(pl, capacity);
    }
    note_stop(pl);
    return end == SEARCH_REFUTED;
}

static rein_plan_outcome decide(planner *pl, const plan_call *call) {
    uint64_t most_bytes = call->capacity_bytes < REIN_PLACEMENT_BYTES_MAX
                              ? call->capacity_bytes
                              : REIN_PLACEMENT_BYTES_MAX;
    uint64_t capacity = most_bytes / pl->in.granule_bytes;
    rein_plan_answer answer = REIN_PLAN_UNKNOWN;
    bool is_logged = false;
    if (!fits(pl, capacity) && pl->lower_bound <= capacity) {
        is_logged = search_within(pl, capacity) && write_log(pl, capacity, call->log);
    }
    if (fits(pl, capacity)) {
        answer = REIN_PLAN_FITS;
    } else if (pl->lower_bound > capacity) {
        answer = REIN_PLAN_CANNOT;
    }
    return rein_i_outcome_of_planner(pl, answer, is_logged, call->out_offsets);
}

rein_result_plan_outcome rein_plan_decide(const rein_plan_problem *problem, uint64_t capacity_bytes,
                                          const rein_plan_options *options,
                                          rein_workspace workspace, uint64_t *out_offsets,
                                          rein_plan_log *log) {
    plan_call call = {problem, options, workspace, capacity_bytes, out_offsets, log};
    return answer_call(call, decide);
}

static void search_lowest(planner *pl) {
    search_end end = SEARCH_LIMIT;
    uint64_t steps = FIRST_ROUND_STEPS;
    if (!pl->can_search) {
        divide(pl, 0);
    }
    while (pl->can_search && pl->lower_bound < unsolved_end(pl) && end != SEARCH_STOPPED &&
           pl->se.steps < pl->options->effort_steps) {
        end = bisect(pl, steps);
        steps = more_steps(steps);
    }
    note_stop(pl);
}

static rein_plan_outcome minimise(planner *pl, const plan_call *call) {
    search_lowest(pl);
    rein_plan_answer answer = REIN_PLAN_UNKNOWN;
    if (pl->best.exists && pl->lower_bound >= pl->best.height) {
        answer = REIN_PLAN_FITS;
    } else if (pl->lower_bound >= unsolved_end(pl)) {
        answer = REIN_PLAN_CANNOT;
    }
    bool is_searched =
        pl->can_search && pl->lower_bound > pl->in.peak && pl->lower_bound > pl->fixed_end;
    bool is_logged = answer != REIN_PLAN_UNKNOWN && is_searched &&
                     write_log(pl, unsolved_end(pl) - 1, call->log);
    return rein_i_outcome_of_planner(pl, answer, is_logged, call->out_offsets);
}

rein_result_plan_outcome rein_plan_minimise(const rein_plan_problem *problem,
                                            const rein_plan_options *options,
                                            rein_workspace workspace, uint64_t *out_offsets,
                                            rein_plan_log *log) {
    plan_call call = {problem, options, workspace, UINT64_MAX, out_offsets, log};
    return answer_call(call, minimise);
}
