#include "cli/base/signals.h"

#include <signal.h>
#include <stddef.h>

#include "cli/base/progress.h"
#include "cli/base/unfinished_file.h"

static bool has_come;
static struct sigaction found_pipe;
static struct sigaction found_limit;

static void note_interrupt(int signal_number) {
    if (__atomic_exchange_n(&has_come, true, __ATOMIC_RELAXED)) {
        end_by_signal(signal_number);
    }
}

const bool *interrupt_watch(void) {
    struct sigaction before = {.sa_handler = SIG_IGN};
    const struct sigaction noted = {.sa_handler = note_interrupt, .sa_flags = (int)SA_RESTART};
    sigaction(SIGINT, NULL, &before);
    if (before.sa_handler != SIG_IGN) {
        sigaction(SIGINT, &noted, NULL);
    }
    return &has_come;
}

bool interrupt_came(void) {
    return __atomic_load_n(&has_come, __ATOMIC_RELAXED);
}

void interrupt_pass_on(void) {
    if (interrupt_came()) {
        progress_end();
        end_by_signal(SIGINT);
    }
}

void ignore_write_signals(void) {
    const struct sigaction ignored = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignored, &found_pipe);
    sigaction(SIGXFSZ, &ignored, &found_limit);
}

void restore_write_signals(void) {
    sigaction(SIGPIPE, &found_pipe, NULL);
    sigaction(SIGXFSZ, &found_limit, NULL);
}
