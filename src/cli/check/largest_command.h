/* `rein check --largest` as a whole: its options, the search and the report. */
#ifndef REIN_CLI_CHECK_LARGEST_COMMAND_H
#define REIN_CLI_CHECK_LARGEST_COMMAND_H

#include "cli/base/command.h"

/* Runs `rein check --largest`. */
exit_code check_run_largest(const invocation *called, diagnostics *sink, bool is_json);

#endif
