/* Signals that the command does not leave to their default action.
 *
 * SIGINT while something long runs: the first one asks it to stop, the next one ends the command.
 * SIGPIPE (a closed pipe) and SIGXFSZ (a file above the limit of `ulimit -f`) are ignored, so that
 * write returns EPIPE and EFBIG and the command can say so. */
#ifndef REIN_CLI_BASE_SIGNALS_H
#define REIN_CLI_BASE_SIGNALS_H

#include <stdbool.h>

/* From now on SIGINT sets the flag that is returned, by an atomic store; the second one ends the
 * process. If the signal was ignored before, it still is. */
const bool *interrupt_watch(void);

bool interrupt_came(void);

/* If the signal came, ends the process by it, as the shell that runs the command expects. */
void interrupt_pass_on(void);

void ignore_write_signals(void);

/* Restores both as the process found them, for a program that it executes. */
void restore_write_signals(void);

#endif
