/* Exact searches by restarts: a portfolio of rules, in runs of growing length. */
#ifndef REIN_HOST_PLAN_PORTFOLIO_H
#define REIN_HOST_PLAN_PORTFOLIO_H

#include "host/plan/planner.h"

/* Searches for a placement within `capacity` by runs of growing length, for `steps` at most: in the
 * instance, and after some rounds also in the instance with its slack filled. Updates the best
 * placement or the lower bound. */
search_end rein_i_portfolio_search(planner *pl, uint64_t capacity, uint64_t steps);

/* Refutes the capacity once more, into the log, which is empty. Returns false if the effort does
 * not suffice. */
bool rein_i_portfolio_write_log(planner *pl, uint64_t capacity, rein_plan_log *log);

#endif
