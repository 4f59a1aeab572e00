/* The state that rein_plan_decide and rein_plan_minimise share: the instance, the best placement,
 * and the effort. */
#ifndef REIN_HOST_PLAN_PLANNER_H
#define REIN_HOST_PLAN_PLANNER_H

#include "host/plan/filling.h"
#include "host/plan/heuristics.h"
#include "host/plan/search.h"

typedef struct planner {
    const rein_plan_problem *problem;
    const rein_plan_options *options;
    instance in;
    heuristics heuristics;
    stop_check stopping; /* of the heuristics */
    filling fill;
    search se;
    uint32_t *part_first; /* `first` and `last` of the tensors while a part is searched */
    uint32_t *part_last;
    bool can_search;
    heuristics_best best;
    uint64_t height_beside; /* while `in` is a part: the height of the whole problem; otherwise 0 */
    uint64_t looks;         /* stop checks by the heuristics */
    uint64_t lower_bound;   /* granules */
    uint64_t fixed_end;     /* the highest end of a fixed tensor */
    uint32_t fixed_row;     /* its row */
    rein_plan_stop stop;
} planner;

void rein_i_planner_layout(planner *pl, size_t count, arena *memory);

/* Builds the instance and its bound, and runs the heuristics. Returns false if stopped before the
 * instance was built; then only `stop` may be used. */
bool rein_i_planner_begin(planner *pl, const rein_plan_problem *problem,
                          const rein_plan_options *options);

/* Prepares a search in `in`. Must be called after `in` has changed. */
void rein_i_planner_prepare_search(planner *pl);

/* Returns the largest possible height in granules: no tensor may end above 2^63 bytes. */
uint64_t rein_i_planner_largest_height(const planner *pl);

#endif
