/* A closed pipe is an error of the write here, not a signal; a program that is executed from here
 * finds the signal as this process found it. */
#ifndef REIN_CLI_PIPE_SIGNAL_H
#define REIN_CLI_PIPE_SIGNAL_H

void ignore_pipe_signal(void);
void restore_pipe_signal(void);

#endif
