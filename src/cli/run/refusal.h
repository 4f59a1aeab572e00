/* Why `rein run` does not run a command. */
#ifndef REIN_CLI_RUN_REFUSAL_H
#define REIN_CLI_RUN_REFUSAL_H

#include "cli/fleet/fleet.h"

/* Reports one line with every number of the verdict on the fleet's one model, in one unit, and what
 * it lacks to be "fits". */
void report_refusal(diagnostics *sink, const fleet *asked);

#endif
