/* A placement of lifetimes, checked by the library's independent checker: what is known of it, and
 * how long it took. */
#ifndef REIN_CLI_PLANNED_LIFETIMES_H
#define REIN_CLI_PLANNED_LIFETIMES_H

#include "cli/lifetimes_file.h"
#include "cli/plan_progress.h"
#include "contract/device.h"
#include "contract/plan.h"

/* How hard to search. Without a deadline, the same settings give the same plan everywhere. */
typedef struct plan_effort {
    uint64_t steps;
    uint64_t seed;
    bool has_deadline;
    rein_duration deadline; /* from the start of the planning */
} plan_effort;

/* Well under a second for a network of any size. */
plan_effort plan_effort_default(void);

typedef struct plan_request {
    rein_fact_u64 capacity_bytes; /* known: does it fit? unknown: what is the least height? */
    plan_effort effort;
    rein_plan_log *log;      /* for a refutation, or NULL */
    const bool *cancel;      /* stops the search, as in rein_plan_options; or NULL */
    plan_progress *progress; /* or NULL */
} plan_request;

typedef struct planned_lifetimes {
    rein_plan_outcome outcome;
    rein_live_peak peak;
    uint64_t *offsets;
    rein_duration took; /* to plan and to check */
} planned_lifetimes;

/* Reports what the library refuses and returns false. */
bool lifetimes_plan(diagnostics *sink, const lifetimes_file *input, const plan_request *request,
                    planned_lifetimes *out_planned);

#endif
