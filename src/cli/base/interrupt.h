/* Ctrl-C while something long runs: the first one asks it to stop, the next one ends the command.
 */
#ifndef REIN_CLI_BASE_INTERRUPT_H
#define REIN_CLI_BASE_INTERRUPT_H

#include <stdbool.h>

/* From now on SIGINT sets the flag that is returned, by an atomic store; the second one ends the
 * process. Where the signal was ignored before, it still is. */
const bool *interrupt_watch(void);

bool interrupt_came(void);

/* Where the signal came, ends the process by it, as the shell that runs the command expects. */
void interrupt_pass_on(void);

#endif
