/* Starting a command as a child, and ending as it did. */
#ifndef REIN_CLI_RUN_CHILD_H
#define REIN_CLI_RUN_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "cli/base/exit_code.h"
#include "cli/run/relay.h"

/* A command and the processes that it leaves behind. */
typedef struct child {
    pid_t command; /* 0 once it has ended */
    int status;    /* as waitpid reports it, once it has ended */
} child;

/* Executes the command in a child, with the signals as they were before the relay. This process
 * adopts every descendant whose parent ends. Returns false with errno set if the command cannot be
 * executed. */
bool child_start(char *const *arguments, const relay *signals, child *out_started);

/* Reaps the children that have ended. Returns false if no child is left. */
bool child_reap(child *started);

/* Ends this process by the signal that ended the command, or returns the command's exit code. Never
 * dumps core. Returns 128 + N if signal N does not end this process. */
exit_code child_end_as(const child *ended);

#endif
