/* Running a command under a reservation that is held. */
#ifndef REIN_CLI_RUN_EXECUTION_H
#define REIN_CLI_RUN_EXECUTION_H

#include "cli/base/diagnostics.h"
#include "cli/base/exit_code.h"
#include "node/reservation.h"
#include "nvml/session.h"

typedef struct execution {
    char *const *arguments;
    const char *measure_path;    /* NULL: this process becomes the command */
    const nvml_session *measure; /* open if there is such a path */
    bool has_run;                /* the command has ended: the exit code is its own */
} execution;

/* Runs the command with the budget of the request's only model in the environment. Returns if it
 * cannot be executed, or if it was measured and has ended; a signal that ended it ends this
 * process. The measurement is written and its result reported. */
exit_code execute_held(diagnostics *sink, execution *of, const rein_admission_request *admitted,
                       rein_reservation *held);

#endif
