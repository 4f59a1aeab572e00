#ifndef REIN_CLI_CHECK_EXPLAIN_H
#define REIN_CLI_CHECK_EXPLAIN_H

#include <stdio.h>

#include "cli/base/terminal.h"
#include "cli/fleet/fleet.h"

/* How each number of a check came about: `rein check --explain`, behind its table. */
void check_explain(arena *memory, const fleet *checked, const terminal *shown_on, FILE *stream);

#endif
