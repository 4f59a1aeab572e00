#include "plan/plan.h"

#include "host/base/checked.h"
#include "host/contract/invalid.h"
#include "host/contract/lifetime_input.h"
#include "host/plan/divide.h"
#include "host/plan/fixed.h"
#include "host/plan/planner.h"

enum { COUNT_MAX = INT32_MAX };

static rein_result_void check_fixed(const rein_plan_problem *problem) {
    for (size_t i = 0; problem->fixed_offsets != NULL && i < problem->count; i++) {
        const rein_tensor_lifetime *lifetime = &problem->lifetimes[i];
        uint64_t offset = problem->fixed_offsets[i];
        if (offset == REIN_PLAN_FREE) {
            continue;
        }
        if ((offset & (lifetime->alignment_bytes - 1)) != 0) {
            return rein_i_invalid(REIN_HERE,
                                  "lifetime {u} has fixed offset {u}, expected a multiple of {u}",
                                  i, offset, lifetime->alignment_bytes);
        }
        if (!ends_within(offset, lifetime->size_bytes, PLACEMENT_BYTES_MAX)) {
            return rein_i_invalid(
                REIN_HERE,
                "lifetime {u} has fixed offset {u} and size {u}, expected an end of at most 2^63",
                i, offset, lifetime->size_bytes);
        }
    }
    return rein_done();
}

rein_result_void rein_plan_validate(const rein_plan_problem *problem) {
    if (problem == NULL) {
        return rein_i_invalid(REIN_HERE, "the problem is NULL", 0, 0, 0);
    }
    if (problem->count >= COUNT_MAX) {
        return rein_i_invalid(REIN_HERE, "a plan of {u} lifetimes, expected fewer than {u}",
                              problem->count, COUNT_MAX, 0);
    }
    rein_result_void rows = rein_lifetimes_validate(problem->lifetimes, problem->count);
    REIN_RETURN_IF_ERROR(rein_result_void, rows);
    return check_fixed(problem);
}

rein_result_bytes rein_plan_workspace_bytes(size_t count) {
    if (count >= COUNT_MAX) {
        return rein_result_bytes_fail(rein_i_invalid_error(
            REIN_HERE, "a plan of {u} lifetimes, expected fewer than {u}", count, COUNT_MAX, 0));
    }
    planner pl;
    arena memory = {NULL, 0};
    rein_i_planner_layout(&pl, count, &memory);
    uint64_t other = REIN_UNWRAP(rein_result_bytes, rein_lifetime_workspace_bytes(count));
    return rein_result_bytes_ok(memory.used_bytes > other ? memory.used_bytes : other);
}

/* Then so are the live bytes at any instant, which take two sorts to find. */
static bool is_sum_small(const rein_plan_problem *problem) {
    uint64_t sum = 0;
    for (size_t i = 0; i < problem->count; i++) {
        if (!checked_add(sum, problem->lifetimes[i].size_bytes, &sum) ||
            sum > PLACEMENT_BYTES_MAX) {
            return false;
        }
    }
    return true;
}

/* Offsets end at 2^63: more bytes than that can be alive in no placement. */
static rein_result_void check_live(const rein_plan_problem *problem, rein_workspace workspace) {
    if (is_sum_small(problem)) {
        return rein_done();
    }
    rein_result_live_peak peak = rein_lifetimes_peak(problem->lifetimes, problem->count, workspace);
    REIN_RETURN_IF_ERROR(rein_result_void, peak);
    int64_t instant = REIN_VALUE(peak).instant;
    uint64_t live = 0;
    for (size_t row = 0; row < problem->count; row++) {
        const rein_tensor_lifetime *lifetime = &problem->lifetimes[row];
        bool is_alive = lifetime->from <= instant && instant < lifetime->until;
        live += is_alive ? lifetime->size_bytes : 0;
        if (live > PLACEMENT_BYTES_MAX) {
            return rein_i_invalid(
                REIN_HERE,
                "the bytes alive at {i} are {u} with lifetime {u}, expected at most 2^63",
                (uint64_t)instant, live, row);
        }
    }
    return rein_done();
}

static rein_result_void check_call(const rein_plan_problem *problem, rein_workspace workspace,
                                   const uint64_t *offsets) {
    rein_result_void valid = rein_plan_validate(problem);
    REIN_RETURN_IF_ERROR(rein_result_void, valid);
    rein_result_bytes needed = rein_plan_workspace_bytes(problem->count);
    rein_result_void enough = rein_i_workspace_check(workspace, REIN_VALUE(needed), REIN_HERE);
    REIN_RETURN_IF_ERROR(rein_result_void, enough);
    if (offsets == NULL && problem->count > 0) {
        return rein_i_invalid(REIN_HERE, "the offsets are NULL", 0, 0, 0);
    }
    return check_live(problem, workspace);
}

static const rein_plan_options no_effort;

static bool begin(planner *pl, const rein_plan_problem *problem, const rein_plan_options *options,
                  rein_workspace workspace) {
    arena memory = {.base = workspace.memory};
    rein_i_planner_layout(pl, problem->count, &memory);
    return rein_i_planner_begin(pl, problem, options);
}

static uint64_t live_at(const rein_plan_problem *problem, int64_t instant) {
    uint64_t live = 0;
    for (size_t row = 0; row < problem->count; row++) {
        const rein_tensor_lifetime *lifetime = &problem->lifetimes[row];
        bool is_alive = lifetime->from <= instant && instant < lifetime->until;
        live += is_alive ? lifetime->size_bytes : 0;
    }
    return live;
}

/* What is known where the options stopped the call before the tensors were sorted: what is alive
 * when the largest starts. */
static rein_plan_outcome outcome_of_stop(const rein_plan_problem *problem,
                                         const rein_plan_options *options,
                                         uint64_t capacity_bytes) {
    size_t largest = 0;
    for (size_t row = 1; row < problem->count; row++) {
        bool is_larger =
            problem->lifetimes[row].size_bytes > problem->lifetimes[largest].size_bytes;
        largest = is_larger ? row : largest;
    }
    int64_t instant = problem->lifetimes[largest].from;
    uint64_t live = live_at(problem, instant);
    bool is_refuted = live > capacity_bytes;
    rein_plan_stop stop =
        rein_i_planner_is_cancelled(options) ? REIN_PLAN_STOP_CANCEL : REIN_PLAN_STOP_DEADLINE;
    return (rein_plan_outcome){
        .answer = is_refuted ? REIN_PLAN_CANNOT : REIN_PLAN_UNKNOWN,
        .height_bytes = UINT64_MAX,
        .lower_bound_bytes = live,
        .proof = REIN_PLAN_PROOF_PEAK,
        .instant = instant,
        .stop = is_refuted ? REIN_PLAN_STOP_DONE : stop,
    };
}

static void write_offsets(const planner *pl, uint64_t *out_offsets) {
    const rein_plan_problem *problem = pl->problem;
    for (size_t i = 0; i < problem->count; i++) {
        bool is_fixed =
            problem->fixed_offsets != NULL && problem->fixed_offsets[i] != REIN_PLAN_FREE;
        out_offsets[i] = is_fixed ? problem->fixed_offsets[i] : 0;
    }
    for (uint32_t i = 0; i < pl->in.count; i++) {
        out_offsets[pl->in.source[i]] = pl->best.offset[i] * pl->in.granule_bytes;
    }
}

static rein_plan_proof proof_of(const planner *pl, bool is_logged) {
    if (pl->lower_bound == pl->in.peak) {
        return REIN_PLAN_PROOF_PEAK;
    }
    if (pl->lower_bound == pl->fixed_end) {
        return REIN_PLAN_PROOF_FIXED;
    }
    return is_logged ? REIN_PLAN_PROOF_REFUTATION : REIN_PLAN_PROOF_SEARCH;
}

static rein_plan_outcome finish(planner *pl, rein_plan_answer answer, bool is_logged,
                                uint64_t *out_offsets) {
    if (pl->best.exists) {
        write_offsets(pl, out_offsets);
    }
    rein_plan_proof proof = proof_of(pl, is_logged);
    size_t row = proof == REIN_PLAN_PROOF_FIXED ? pl->fixed_row : 0;
    return (rein_plan_outcome){
        .answer = answer,
        .height_bytes = pl->best.exists ? pl->best.height * pl->in.granule_bytes : UINT64_MAX,
        .lower_bound_bytes = pl->lower_bound * pl->in.granule_bytes,
        .proof = proof,
        .instant = pl->in.count == 0 ? 0 : pl->in.instant[pl->in.peak_section],
        .first_row = row,
        .second_row = row,
        .steps = pl->se.steps,
        .stop = answer == REIN_PLAN_UNKNOWN ? pl->stop : REIN_PLAN_STOP_DONE,
    };
}

static rein_plan_outcome outcome_of_conflict(const fixed_conflict *conflict) {
    return (rein_plan_outcome){
        .answer = REIN_PLAN_CANNOT,
        .height_bytes = UINT64_MAX,
        .lower_bound_bytes = UINT64_MAX,
        .proof = REIN_PLAN_PROOF_FIXED,
        .instant = conflict->instant,
        .first_row = conflict->first,
        .second_row = conflict->second,
        .stop = REIN_PLAN_STOP_DONE,
    };
}

/* What is left of a log that came to no end is no refutation. */
static bool write_log(planner *pl, uint64_t capacity, rein_plan_log *log) {
    if (log == NULL) {
        return false;
    }
    bool is_whole = rein_i_planner_write_log(pl, capacity, log);
    log->length = is_whole || log->length > log->capacity ? log->length : 0;
    return is_whole;
}

static void clear_log(rein_plan_log *log) {
    if (log != NULL) {
        log->length = 0;
    }
}

static bool fits(const planner *pl, uint64_t capacity) {
    return pl->best.exists && pl->best.height <= capacity;
}

/* Says why there is no answer, where there is none, unless heuristics or search were stopped, and
 * have said it. */
static void note_stop(planner *pl) {
    if (pl->stop == REIN_PLAN_STOP_DONE) {
        pl->stop = pl->can_search ? REIN_PLAN_STOP_EFFORT : REIN_PLAN_STOP_SIZE;
    }
}

/* The capacities that are still worth a look: [low, high). */
typedef struct bisection {
    uint64_t low;
    uint64_t high;
    uint64_t target;
    bool was_refuted; /* the last target but one, or the last */
} bisection;

static uint64_t unsolved_end(const planner *pl) {
    return pl->best.exists ? pl->best.height : rein_i_planner_largest_height(pl) + 1;
}

/* Goes on after a search at the target: to the new bound after a refutation, which often is the
 * least height, but to the middle after two in a row. */
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

/* Looks once at every capacity on the way of a bisection, with `steps` for each. */
static search_end bisect(planner *pl, uint64_t steps) {
    bisection b = {pl->lower_bound, unsolved_end(pl), pl->lower_bound, false};
    search_end end = SEARCH_LIMIT;
    while (b.low < b.high && end != SEARCH_STOPPED && pl->se.steps < pl->options->effort_steps) {
        uint64_t left = pl->options->effort_steps - pl->se.steps;
        end = rein_i_planner_search(pl, b.target, steps < left ? steps : left);
        bisection_next(&b, pl, end);
    }
    return end;
}

enum { FIRST_ROUND_STEPS = 20000, ROUND_GROWTH = 4 };

/* No round's steps are above this times the growth. */
#define ROUND_STEPS_MAX (UINT64_C(1) << 40)

static uint64_t more_steps(uint64_t steps) {
    return steps < ROUND_STEPS_MAX ? steps * ROUND_GROWTH : steps;
}

/* As rein_i_planner_search, but for the least height. */
static search_end bisect_part(planner *pl, uint64_t capacity, uint64_t steps) {
    (void)capacity;
    return bisect(pl, steps);
}

/* Searches the parts of a problem that is too large as a whole; capacity 0: for the least height.
 */
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
                                       is_capped ? rein_i_planner_search : bisect_part);
        steps = more_steps(steps);
    }
}

/* Whether the capacity was refuted by a search. */
static bool decide(planner *pl, uint64_t capacity) {
    search_end end = SEARCH_LIMIT;
    if (pl->can_search) {
        end = rein_i_planner_search(pl, capacity, pl->options->effort_steps);
    } else {
        divide(pl, capacity);
    }
    note_stop(pl);
    return end == SEARCH_REFUTED;
}

rein_result_plan_outcome rein_plan_decide(const rein_plan_problem *problem, uint64_t capacity_bytes,
                                          const rein_plan_options *options,
                                          rein_workspace workspace, uint64_t *out_offsets,
                                          rein_plan_log *log) {
    rein_result_void usable = check_call(problem, workspace, out_offsets);
    REIN_RETURN_IF_ERROR(rein_result_plan_outcome, usable);
    clear_log(log);
    planner pl;
    options = options == NULL ? &no_effort : options;
    fixed_conflict conflict = rein_i_fixed_find_conflict(problem, options, workspace);
    if (conflict.exists) {
        return rein_result_plan_outcome_ok(outcome_of_conflict(&conflict));
    }
    if (conflict.is_unknown || !begin(&pl, problem, options, workspace)) {
        return rein_result_plan_outcome_ok(outcome_of_stop(problem, options, capacity_bytes));
    }
    uint64_t most_bytes =
        capacity_bytes < PLACEMENT_BYTES_MAX ? capacity_bytes : PLACEMENT_BYTES_MAX;
    uint64_t capacity = most_bytes / pl.in.granule_bytes;
    rein_plan_answer answer = REIN_PLAN_UNKNOWN;
    bool is_logged = false;
    if (!fits(&pl, capacity) && pl.lower_bound <= capacity) {
        is_logged = decide(&pl, capacity) && write_log(&pl, capacity, log);
    }
    if (fits(&pl, capacity)) {
        answer = REIN_PLAN_FITS;
    } else if (pl.lower_bound > capacity) {
        answer = REIN_PLAN_CANNOT;
    }
    return rein_result_plan_outcome_ok(finish(&pl, answer, is_logged, out_offsets));
}

static void minimise(planner *pl) {
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

rein_result_plan_outcome rein_plan_minimise(const rein_plan_problem *problem,
                                            const rein_plan_options *options,
                                            rein_workspace workspace, uint64_t *out_offsets,
                                            rein_plan_log *log) {
    rein_result_void usable = check_call(problem, workspace, out_offsets);
    REIN_RETURN_IF_ERROR(rein_result_plan_outcome, usable);
    clear_log(log);
    planner pl;
    options = options == NULL ? &no_effort : options;
    fixed_conflict conflict = rein_i_fixed_find_conflict(problem, options, workspace);
    if (conflict.exists) {
        return rein_result_plan_outcome_ok(outcome_of_conflict(&conflict));
    }
    if (conflict.is_unknown || !begin(&pl, problem, options, workspace)) {
        return rein_result_plan_outcome_ok(outcome_of_stop(problem, options, UINT64_MAX));
    }
    minimise(&pl);
    rein_plan_answer answer = REIN_PLAN_UNKNOWN;
    if (pl.best.exists && pl.lower_bound >= pl.best.height) {
        answer = REIN_PLAN_FITS;
    } else if (pl.lower_bound >= unsolved_end(&pl)) {
        answer = REIN_PLAN_CANNOT;
    }
    bool is_searched =
        pl.can_search && pl.lower_bound > pl.in.peak && pl.lower_bound > pl.fixed_end;
    bool is_logged =
        answer != REIN_PLAN_UNKNOWN && is_searched && write_log(&pl, unsolved_end(&pl) - 1, log);
    return rein_result_plan_outcome_ok(finish(&pl, answer, is_logged, out_offsets));
}
