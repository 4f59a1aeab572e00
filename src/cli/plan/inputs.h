/* The input files of `rein plan`. */
#ifndef REIN_CLI_PLAN_INPUTS_H
#define REIN_CLI_PLAN_INPUTS_H

#include <stdbool.h>

#include "cli/base/command.h"

typedef struct plan_inputs {
    const char **paths; /* as given; a directory is replaced by its files, sorted by name */
    size_t count;       /* above 0 */
    bool is_list;       /* more than one operand, or a directory */
} plan_inputs;

/* Finds the input files; a directory contributes its *.csv and *.csv.gz, one level deep. Returns
 * false after reporting a directory that cannot be read or has no such file. */
bool plan_inputs_find(diagnostics *sink, const invocation *called, plan_inputs *out_inputs);

#endif
