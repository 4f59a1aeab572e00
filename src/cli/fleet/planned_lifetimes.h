/* Plans of the lifetimes in a file. The library's independent checker checks each plan. */
#ifndef REIN_CLI_FLEET_PLANNED_LIFETIMES_H
#define REIN_CLI_FLEET_PLANNED_LIFETIMES_H

#include "cli/base/exit_code.h"
#include "cli/fleet/plan_progress.h"
#include "cli/read/lifetimes.h"
#include "contract/device.h"
#include "plan/plan.h"

/* How long to search. Without limits, equal settings give equal plans on every machine. */
typedef struct plan_effort {
    uint64_t steps;
    uint64_t seed;
} plan_effort;

/* Returns an effort that takes well under a second for a network of any size. */
plan_effort plan_effort_default(void);

typedef struct plan_request {
    rein_fact_u64 capacity_bytes; /* if known, decide whether it fits; if unknown, minimise */
    plan_effort effort;
    rein_plan_log *log;      /* receives a refutation, or NULL */
    work_limits *limits;     /* or NULL */
    plan_progress *progress; /* or NULL */
    bool keeps_offsets;      /* keep the file's offsets, if any */
    size_t output_count;     /* outputs to write before the deadline */
} plan_request;

typedef struct planned_lifetimes {
    rein_plan_outcome outcome;
    rein_live_peak peak; /* bytes alive at the outcome's instant */
    uint64_t *offsets;
    rein_duration took; /* time to plan and check */
} planned_lifetimes;

/* Returns a workspace of the size that the library asks for. `needed` must not be an error: no file
 * has as many lifetimes as the library's limit. */
rein_workspace workspace_make(arena *memory, rein_result_bytes needed);

/* Checks `offsets` with the library's independent checker until the limits, which may be NULL, stop
 * it. The workspace must have at least rein_lifetime_workspace_bytes. */
rein_placement_verdict lifetimes_check_placement(const lifetimes_file *input,
                                                 const uint64_t *offsets, const work_limits *limits,
                                                 rein_workspace workspace);

/* Plans and checks the file. Leaves time before the deadline for the check and the outputs. On
 * failure, reports it, sets `out_code`, which may be NULL, to the exit code and returns false.
 * Failures are:
 *
 * - an error of the library;
 * - no plan keeps the offsets of the file;
 * - the limits stopped the search before there was a checked plan. */
bool lifetimes_plan(diagnostics *sink, const lifetimes_file *input, const plan_request *request,
                    planned_lifetimes *out_planned, exit_code *out_code);

#endif
