/* A summary of many plans: a line for each file. */
#ifndef REIN_CLI_PLAN_SUMMARY_H
#define REIN_CLI_PLAN_SUMMARY_H

#include "cli/base/exit_code.h"
#include "cli/plan/report.h"
#include "cli/write/output.h"

typedef struct planned_file {
    const char *path;
    exit_code code;  /* the file's exit code if it is not planned */
    bool is_planned; /* the fields below are set */
    size_t tensor_count;
    rein_plan_outcome outcome;
    rein_duration took;
    rein_admission_outcome judged; /* against the capacity; fits if there is none */
    bool ignores_offsets;          /* the file has offsets that the plan does not keep */
    bool has_doubtful_ends;        /* lifetimes_file_has_doubtful_ends */
} planned_file;

/* Returns the exit code for all files: bad input before all others, then does not fit, cannot tell,
 * fits, as for a set of models. A file that is not planned counts by its code. */
exit_code plan_summary_exit_code(const planned_file *files, size_t count);

/* Prints the summary to standard output. Returns false after reporting a failure. */
bool plan_summary_print(diagnostics *sink, const planned_file *files, size_t count,
                        rein_fact_u64 capacity_bytes);

#endif
