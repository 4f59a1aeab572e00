/* The forms in which `rein check` tells what it found. */
#ifndef REIN_CLI_CHECK_REPORT_H
#define REIN_CLI_CHECK_REPORT_H

#include "cli/fleet.h"

/* Each writes to standard output; reports a failure and returns false. */
bool check_print_table(diagnostics *sink, const fleet *checked);
bool check_print_json(diagnostics *sink, const fleet *checked);

#endif
