/* Many plans at a glance: a line for each file. */
#ifndef REIN_CLI_PLAN_SUMMARY_H
#define REIN_CLI_PLAN_SUMMARY_H

#include "cli/base/exit_code.h"
#include "cli/plan/report.h"
#include "cli/write/output.h"

typedef struct planned_file {
    const char *path;
    exit_code code;  /* what follows if it is not planned */
    bool is_planned; /* the rest is known */
    size_t tensor_count;
    rein_plan_outcome outcome;
    rein_duration took;
    rein_admission_outcome judged; /* against the capacity; fits if there is none */
    bool ignores_offsets;          /* that the file states */
} planned_file;

/* Bad input before all others; then, as of a set of models: does not fit, cannot tell, fits. A file
 * that is not planned counts by its code. */
exit_code plan_summary_exit_code(const planned_file *files, size_t count);

/* Prints it on standard output; reports a failure and returns false. */
bool plan_summary_print(diagnostics *sink, const planned_file *files, size_t count,
                        rein_fact_u64 capacity_bytes);

#endif
