/* The files that `rein plan` was called with. */
#ifndef REIN_CLI_PLAN_INPUTS_H
#define REIN_CLI_PLAN_INPUTS_H

#include <stdbool.h>

#include "cli/base/command.h"

typedef struct plan_inputs {
    const char **paths; /* as they were given; those of a directory by their names, in its place */
    size_t count;       /* above 0 */
    bool is_list;       /* more than one operand, or a directory */
} plan_inputs;

/* Looks into directories, one level deep: *.csv and *.csv.gz. Reports those that cannot be read, or
 * have no such file, and returns false. */
bool plan_inputs_find(diagnostics *sink, const invocation *called, plan_inputs *out_inputs);

#endif
