/* `rein plan` of one file: from its lifetimes to the output files. */
#ifndef REIN_CLI_PLAN_MAKE_H
#define REIN_CLI_PLAN_MAKE_H

#include "cli/base/exit_code.h"
#include "cli/plan/outputs.h"

/* Plans the lifetimes and writes the outputs. Makes the request's log if a certificate is among
 * them. Returns false after reporting an error, with `out_code` set to the exit code. */
bool plan_make(diagnostics *sink, const lifetimes_file *input, const plan_request *asked,
               const plan_outputs *outputs, plan_report *out_made, exit_code *out_code);

#endif
