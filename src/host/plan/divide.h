/* Searches a problem that is too large for the exact search part by part. If no tensor crosses an
 * instant, the tensors before it and those after it are independent. */
#ifndef REIN_HOST_PLAN_DIVIDE_H
#define REIN_HOST_PLAN_DIVIDE_H

#include "host/plan/planner.h"

/* Searches one part, which is in `pl->in` during the call, for at most `steps`. */
typedef search_end (*divide_search)(planner *pl, uint64_t capacity, uint64_t steps);

/* Passes each part that is higher than `capacity` and small enough to `in_part`, then repairs the
 * placement if it is still too high. Each gets at most `steps`; a step of a repair is some hundred
 * reads. Parts not higher than the lower bound are skipped; capacity 0 asks for the least height.
 * Updates the best placement, which must exist, and the lower bound: the greatest of the parts'. */
search_end rein_i_divide_and_search(planner *pl, uint64_t capacity, uint64_t steps,
                                    divide_search in_part);

#endif
