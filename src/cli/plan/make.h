/* `rein plan` of one file, from its lifetimes to the files that are written. */
#ifndef REIN_CLI_PLAN_MAKE_H
#define REIN_CLI_PLAN_MAKE_H

#include "cli/base/exit_code.h"
#include "cli/plan/outputs.h"

/* Plans the lifetimes and writes the outputs; the request's log is made here if a certificate is
 * among them. Reports what is wrong and returns false with `out_code` set to the exit code that
 * follows. */
bool plan_make(diagnostics *sink, const lifetimes_file *input, const plan_request *asked,
               const plan_outputs *outputs, plan_report *out_made, exit_code *out_code);

#endif
