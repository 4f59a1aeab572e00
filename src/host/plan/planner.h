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
    heuristics heuristics;
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

void rein_i_planner_layout(planner *pl, size_t count, arena *memory);

/* Builds the instance, its bound, and the best placement that the heuristics find. False where it
 * was stopped before there was an instance: only `stop` can be used then. */
bool rein_i_planner_begin(planner *pl, const rein_plan_problem *problem,
                          const rein_plan_options *options);

/* Before the first search in `in`: it has changed since rein_i_planner_begin. */
void rein_i_planner_prepare_search(planner *pl);

/* The largest height that there can be, in granules: offsets and ends stay within 2^63 bytes. */
uint64_t rein_i_planner_largest_height(const planner *pl);

#endif
