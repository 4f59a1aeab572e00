#include "cli/base/write_signals.h"

#include <signal.h>
#include <stddef.h>

static struct sigaction found_pipe;
static struct sigaction found_limit;

void ignore_write_signals(void) {
    const struct sigaction ignored = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignored, &found_pipe);
    sigaction(SIGXFSZ, &ignored, &found_limit);
}

void restore_write_signals(void) {
    sigaction(SIGPIPE, &found_pipe, NULL);
    sigaction(SIGXFSZ, &found_limit, NULL);
}
