/* What deciding and minimising share: the instance, the best placement, and the effort. */
#ifndef REIN_HOST_PLAN_PLANNER_H
#define REIN_HOST_PLAN_PLANNER_H

#include "host/plan/filling.h"
#include "host/plan/heuristics.h"
#include "host/plan/search.h"

typedef struct planner {
    const rein_plan_problem *problem;
    const rein_plan_options *options;
    instance in;
    heuristics quick;
    stop_check stopping; /* of the heuristics */
    filling fill;
    search se;
    uint32_t *part_first; /* for a part of the problem: `first` and `last` of its tensors */
    uint32_t *part_last;
    bool can_search;
    heuristics_best best;
    uint64_t height_beside; /* of what `in` leaves out, while it is a part of the problem */
    uint64_t looks;         /* of the heuristics */
    uint64_t lower_bound;   /* granules */
    uint64_t fixed_end;     /* the highest end of a fixed tensor */
    uint32_t fixed_row;     /* its row */
    rein_plan_stop stop;
} planner;

/* Whether the cancel flag is set. */
bool rein_i_planner_is_cancelled(const rein_plan_options *options);

void rein_i_planner_layout(planner *pl, size_t count, arena *memory);

/* Builds the instance, its bound, and the best placement that the heuristics find. False where it
 * was stopped before there was an instance: only `stop` can be used then. */
bool rein_i_planner_begin(planner *pl, const rein_plan_problem *problem,
                          const rein_plan_options *options);

/* Before the first search in `in`: it has changed since rein_i_planner_begin. */
void rein_i_planner_prepare_search(planner *pl);

/* The largest height that there can be, in granules: offsets and ends stay within 2^63 bytes. */
uint64_t rein_i_planner_largest_height(const planner *pl);

/* Searches for a placement within `capacity` by runs of growing length, for `steps` at most: in the
 * instance, and after some rounds also in the instance with its slack filled. Updates the best
 * placement or the lower bound. */
search_end rein_i_planner_search(planner *pl, uint64_t capacity, uint64_t steps);

/* Refutes the capacity once more, into the log, which is empty. False where the effort does not
 * suffice. */
bool rein_i_planner_write_log(planner *pl, uint64_t capacity, rein_plan_log *log);

#endif
