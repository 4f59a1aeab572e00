/* A write that fails is an error here, never a signal that ends the command without a message:
 * SIGPIPE (a closed pipe) and SIGXFSZ (a file above the limit of `ulimit -f`) are ignored, so that
 * write returns EPIPE and EFBIG. */
#ifndef REIN_CLI_BASE_WRITE_SIGNALS_H
#define REIN_CLI_BASE_WRITE_SIGNALS_H

void ignore_write_signals(void);

/* Restores both as the process found them, for a program that it executes. */
void restore_write_signals(void);

#endif
