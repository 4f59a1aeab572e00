/* Signals to a process that waits for a command: those that another process sends are passed on to
 * the command. */
#ifndef REIN_CLI_RUN_RELAY_H
#define REIN_CLI_RUN_RELAY_H

#include <signal.h>
#include <sys/types.h>

#include "contract/clock.h"

/* The signals that are watched, and the state before. */
typedef struct relay {
    sigset_t watched;
    sigset_t mask_before;
    struct sigaction child_before;
} relay;

/* Begins to watch SIGCHLD, and SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1 and SIGUSR2 unless they
 * are ignored. They are blocked until relay_end. */
void relay_begin(relay *out_begun);

/* Restores the state before, in this process or in a child that executes the command. */
void relay_end(const relay *begun);

/* Waits until the time, or until a signal that is watched has come. Passes it on to `command`, or
 * to each child of this process if `command` is 0.
 *
 * Signals of the terminal are not passed on, because the whole foreground group gets them; nor are
 * those that a descendant of this process sends, such as by `kill 0`. */
void relay_wait_until(const relay *begun, pid_t command, rein_timestamp wake);

#endif
