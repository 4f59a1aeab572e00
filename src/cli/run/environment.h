/* The environment of a command that runs under a reservation. */
#ifndef REIN_CLI_RUN_ENVIRONMENT_H
#define REIN_CLI_RUN_ENVIRONMENT_H

#include "cli/base/diagnostics.h"
#include "node/reservation.h"

/* Sets REIN_* to the budget of the request's only model, and to its device. Also sets limits for
 * lower layers that are not set yet: the number of hardware queues and, if MPS runs and one device
 * is visible, the memory limit. Returns false after reporting a failure. */
bool set_run_environment(diagnostics *sink, const rein_reservation *held,
                         const rein_admission_request *admitted);

#endif
