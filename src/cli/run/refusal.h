/* The message of `rein run` if it does not run the command. */
#ifndef REIN_CLI_RUN_REFUSAL_H
#define REIN_CLI_RUN_REFUSAL_H

#include "cli/fleet/fleet.h"

/* Reports one line with every number of the verdict on the fleet's only model, in one unit, and why
 * it does not fit. */
void report_refusal(diagnostics *sink, const fleet *candidate);

#endif
