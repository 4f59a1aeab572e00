#include "cli/run/relay.h"

#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "cli/run/process_tree.h"

static bool is_ignored(int signal_number) {
    struct sigaction found;
    sigaction(signal_number, NULL, &found);
    return found.sa_handler == SIG_IGN;
}

/* If SIGCHLD was ignored, the system would reap the command and lose its exit status. A signal that
 * is ignored must not be blocked: the system would keep it. */
void relay_begin(relay *out_begun) {
    static const int passed[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    sigaction(SIGCHLD, &usual, &out_begun->child_before);
    sigemptyset(&out_begun->watched);
    sigaddset(&out_begun->watched, SIGCHLD);
    for (size_t index = 0; index < sizeof passed / sizeof passed[0]; index++) {
        if (!is_ignored(passed[index])) {
            sigaddset(&out_begun->watched, passed[index]);
        }
    }
    sigprocmask(SIG_BLOCK, &out_begun->watched, &out_begun->mask_before);
}

void relay_end(const relay *begun) {
    sigaction(SIGCHLD, &begun->child_before, NULL);
    sigprocmask(SIG_SETMASK, &begun->mask_before, NULL);
}

/* Returns whether the command has not got the signal itself. A terminal that hangs up signals only
 * the leader of its session. */
static bool is_for_command(const siginfo_t *come) {
    if (come->si_code == SI_KERNEL) {
        return come->si_signo == SIGHUP && getsid(0) == getpid();
    }
    return !process_descends(come->si_pid, getpid());
}

void relay_wait_until(const relay *begun, pid_t command, rein_timestamp wake) {
    rein_duration left = rein_timestamp_since_saturating(wake, rein_clock_now(rein_clock_system()));
    const struct timespec timeout = {.tv_nsec = (long)(left.ns > 0 ? left.ns : 0)};
    siginfo_t come;
    int number = sigtimedwait(&begun->watched, &come, &timeout);
    if (number <= 0 || number == SIGCHLD || !is_for_command(&come)) {
        return;
    }
    if (command == 0) {
        signal_children(number);
    } else {
        kill(command, number);
    }
}
