/* Signals for which the command replaces the default action.
 *
 * - SIGINT during long work: the first one asks the work to stop, the second one ends the process.
 * - SIGPIPE (closed pipe) and SIGXFSZ (file above the limit of `ulimit -f`) are ignored, so that
 *   write returns EPIPE or EFBIG and the command can report it. */
#ifndef REIN_CLI_BASE_SIGNALS_H
#define REIN_CLI_BASE_SIGNALS_H

#include <stdbool.h>

/* Handles SIGINT from now on and returns the flag that the first one sets by an atomic store. The
 * second one ends the process. If SIGINT was ignored before, it stays ignored. */
const bool *interrupt_watch(void);

bool interrupt_came(void);

/* If SIGINT was received, ends the process by it, as the calling shell expects. */
void interrupt_pass_on(void);

void ignore_write_signals(void);

/* Restores the previous actions of both signals, for a program that this process executes. */
void restore_write_signals(void);

#endif
