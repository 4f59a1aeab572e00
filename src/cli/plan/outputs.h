/* The files that `rein plan` writes besides its report. */
#ifndef REIN_CLI_PLAN_OUTPUTS_H
#define REIN_CLI_PLAN_OUTPUTS_H

#include "cli/plan/inputs.h"
#include "cli/plan/report.h"

typedef enum plan_output {
    PLAN_OUTPUT_CSV,
    PLAN_OUTPUT_SVG,
    PLAN_OUTPUT_CERTIFICATE,
    PLAN_OUTPUT_COUNT
} plan_output;

/* By plan_output: a file or, of many plans, a directory; NULL if it is not asked for. */
typedef struct plan_outputs {
    const char *paths[PLAN_OUTPUT_COUNT];
} plan_outputs;

/* Reports an output that would replace another one, or the input, and returns false. */
bool plan_outputs_check(diagnostics *sink, const plan_outputs *files, const char *input);

/* The files for one input among many: in each directory one of its name, as x.svg for x.csv.gz. */
plan_outputs plan_outputs_in(arena *memory, const plan_outputs *folders, const char *input);

/* The same check for many inputs. Reports a path that is no directory, two inputs that would be
 * written to the same file, or the first fault of one of them, and returns false. */
bool plan_outputs_check_folders(diagnostics *sink, const plan_outputs *folders,
                                const plan_inputs *inputs);

/* Writes the lifetimes with the offsets of the plan, as lifetimes_file_read reads them. Reports a
 * failure, or that the limits stopped it, and returns false. */
bool plan_write_csv(diagnostics *sink, const plan_report *shown, const char *path);

/* Writes those that are asked for; reports a failure and returns false. */
bool plan_outputs_write(diagnostics *sink, const plan_outputs *files, const plan_request *request,
                        const plan_report *shown);

#endif
