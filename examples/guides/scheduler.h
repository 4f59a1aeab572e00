/* A scheduler of the least kind: one model, earliest deadline first, within a compute budget. */
#ifndef REIN_EXAMPLES_SCHEDULER_H
#define REIN_EXAMPLES_SCHEDULER_H

#include "contract/backend.h"
#include "contract/ledger.h"

typedef struct scheduler_counts {
    size_t met;    /* deadlines */
    size_t missed; /* deadlines of executions that succeeded */
    size_t failed;
    size_t over_budget;
} scheduler_counts;

/* Executes all requests, the earliest deadline first; puts them in that order. */
scheduler_counts scheduler_run(const rein_backend *backend, const rein_clock *clock,
                               rein_ledger *ledger, rein_execution_request *requests, size_t count);

#endif
