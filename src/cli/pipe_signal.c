#include "cli/pipe_signal.h"

#include <signal.h>
#include <stddef.h>

static struct sigaction found;

void ignore_pipe_signal(void) {
    const struct sigaction ignored = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignored, &found);
}

void restore_pipe_signal(void) {
    sigaction(SIGPIPE, &found, NULL);
}
