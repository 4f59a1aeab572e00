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

/* Paths by plan_output: a file, or a directory for many plans; NULL if not requested. */
typedef struct plan_outputs {
    const char *paths[PLAN_OUTPUT_COUNT];
} plan_outputs;

/* Returns false after reporting an output that would replace another output or the input. */
bool plan_outputs_check(diagnostics *sink, const plan_outputs *files, const char *input);

/* Returns the files for one input among many: x.svg for x.csv.gz in each directory. */
plan_outputs plan_outputs_in(arena *memory, const plan_outputs *folders, const char *input);

/* Checks the outputs of many inputs. Returns false after reporting a path that is not a directory,
 * two inputs with the same output file, or the first error of plan_outputs_check. */
bool plan_outputs_check_folders(diagnostics *sink, const plan_outputs *folders,
                                const plan_inputs *inputs);

/* Writes the lifetimes with the offsets of the plan, as lifetimes_file_read reads them;
 * upper ends are never included. Returns false after reporting a failure, or that the limits
 * stopped it. */
bool plan_write_csv(diagnostics *sink, const plan_report *result, const char *path);

/* Writes the requested files. Returns false after reporting a failure. */
bool plan_outputs_write(diagnostics *sink, const plan_outputs *files, const plan_request *request,
                        const plan_report *result);

#endif
