/* Exact search with restarts: a portfolio of rules, in runs of growing length. */
#ifndef REIN_HOST_PLAN_PORTFOLIO_H
#define REIN_HOST_PLAN_PORTFOLIO_H

#include "host/plan/planner.h"

/* Searches for a placement within `capacity` for at most `steps`, by runs of growing length. After
 * some rounds, also searches the instance with its slack filled. Updates the best placement or the
 * lower bound. */
search_end rein_i_portfolio_search(planner *pl, uint64_t capacity, uint64_t steps);

/* Refutes the capacity again and writes the refutation to `log`, which must be empty. Returns false
 * if the effort or the capacity of the log does not suffice. */
bool rein_i_portfolio_write_log(planner *pl, uint64_t capacity, rein_plan_log *log);

#endif
