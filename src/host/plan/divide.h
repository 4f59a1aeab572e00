/* Searching a problem that is too large for the exact search, part by part: where no tensor crosses
 * an instant, what lies before it and what lies after it have nothing to do with each other. */
#ifndef REIN_HOST_PLAN_DIVIDE_H
#define REIN_HOST_PLAN_DIVIDE_H

#include "host/plan/planner.h"

/* Searches in the part that `pl->in` is then, for `steps` at most. */
typedef search_end (*divide_search)(planner *pl, uint64_t capacity, uint64_t steps);

/* Gives each part that is higher than `capacity` and small enough to `in_part`, and repairs what is
 * still too high then, for at most `steps` each; a step of a repair is some hundred reads. Parts no
 * higher than the lower bound are left alone: capacity 0 is for the least height. There is a
 * placement. Updates the best placement and the lower bound, which
 * is the greatest of the parts'. */
search_end rein_i_divide_and_search(planner *pl, uint64_t capacity, uint64_t steps,
                                    divide_search in_part);

#endif
