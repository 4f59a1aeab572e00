/* Plans of the lifetimes in a file, each checked by the library's independent checker. */
#ifndef REIN_CLI_FLEET_PLANNED_LIFETIMES_H
#define REIN_CLI_FLEET_PLANNED_LIFETIMES_H

#include "cli/base/exit_code.h"
#include "cli/fleet/plan_progress.h"
#include "cli/read/lifetimes.h"
#include "contract/device.h"
#include "plan/plan.h"

/* How hard to search. Without limits, the same settings give the same plan everywhere. */
typedef struct plan_effort {
    uint64_t steps;
    uint64_t seed;
} plan_effort;

/* Well under a second for a network of any size. */
plan_effort plan_effort_default(void);

typedef struct plan_request {
    rein_fact_u64 capacity_bytes; /* known: does it fit? unknown: what is the least height? */
    plan_effort effort;
    rein_plan_log *log;      /* for a refutation, or NULL */
    work_limits *limits;     /* or NULL */
    plan_progress *progress; /* or NULL */
    bool keeps_offsets;      /* of the file, if it has any: they are fixed */
    size_t output_count;     /* that are to be written before the deadline, too */
} plan_request;

typedef struct planned_lifetimes {
    rein_plan_outcome outcome;
    rein_live_peak peak; /* what is alive at the instant of the outcome */
    uint64_t *offsets;
    rein_duration took; /* to plan and to check */
} planned_lifetimes;

/* A workspace of as many bytes as the library asks for. `asked` must not be an error: the count of
 * lifetimes that were read from a file is far below the largest that the library takes. */
rein_workspace workspace_make(arena *memory, rein_result_bytes asked);

/* Checks `offsets` by the library's independent checker, as far as the limits, which may be NULL,
 * let it. The workspace is of rein_lifetime_workspace_bytes or more. */
rein_placement_verdict lifetimes_check_placement(const lifetimes_file *input,
                                                 const uint64_t *offsets, const work_limits *limits,
                                                 rein_workspace workspace);

/* Leaves time before the deadline to check the plan and to write the outputs. Reports what the
 * library refuses, that no plan keeps the offsets of the file, or that the limits came before there
 * was a plan that is checked; then returns false with `out_code`, which may be NULL, set to the
 * exit code that follows. */
bool lifetimes_plan(diagnostics *sink, const lifetimes_file *input, const plan_request *request,
                    planned_lifetimes *out_planned, exit_code *out_code);

#endif
