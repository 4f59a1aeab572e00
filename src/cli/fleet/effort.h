/* What the options of `rein plan` ask for. */
#ifndef REIN_CLI_FLEET_EFFORT_H
#define REIN_CLI_FLEET_EFFORT_H

#include "cli/fleet/planned_lifetimes.h"

/* Each reads an option's value, NULL where it was not given: the output is then as it was. Reports
 * a value that cannot be read and returns false. */
bool read_capacity(diagnostics *sink, const char *text, rein_fact_u64 *out_capacity);
bool read_effort(diagnostics *sink, const char *text, plan_effort *out_effort);
bool read_seed(diagnostics *sink, const char *text, plan_effort *out_effort);
/* The deadline counts from now. */
bool read_deadline(diagnostics *sink, const char *text, work_limits *out_limits);
/* Threads: 1 to PARALLEL_THREADS_MAX. */
bool read_jobs(diagnostics *sink, const char *text, size_t *out_jobs);

#endif
