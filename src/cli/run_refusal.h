/* Why `rein run` does not run a command. */
#ifndef REIN_CLI_RUN_REFUSAL_H
#define REIN_CLI_RUN_REFUSAL_H

#include "cli/fleet.h"

/* One line with every number of the verdict, and what it lacks to be "fits". */
void report_refusal(diagnostics *sink, const fleet *asked, const rein_reservation_verdict *verdict,
                    const rein_model_verdict *model);

#endif
