/* A minimal scheduler: one model, earliest deadline first, within a compute budget. */
#ifndef REIN_EXAMPLES_SCHEDULER_H
#define REIN_EXAMPLES_SCHEDULER_H

#include "contract/backend.h"
#include "contract/ledger.h"

typedef struct scheduler_counts {
    size_t met;    /* executions that met their deadline */
    size_t missed; /* executions that succeeded after their deadline */
    size_t failed;
    size_t over_budget; /* executions that took more compute time than the budget allows */
} scheduler_counts;

/* Sorts the requests by deadline, the earliest first, and executes them in that order. */
scheduler_counts scheduler_run(const rein_backend *backend, const rein_clock *clock,
                               rein_ledger *ledger, rein_execution_request *requests, size_t count);

#endif
