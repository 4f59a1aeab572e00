#include "cli/run/child.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/base/signals.h"
#include "cli/base/unfinished_file.h"

/* Writes errno to the pipe, which closes if the command is executed. execvp rather than
 * posix_spawnp: only execvp runs a script without "#!". */
__attribute__((noreturn)) static void execute(char *const *arguments, const relay *signals,
                                              int failure_pipe) {
    relay_end(signals);
    restore_write_signals();
    execvp(arguments[0], arguments);
    int failure = errno;
    (void)!write(failure_pipe, &failure, sizeof failure);
    _exit(EXIT_CODE_NOT_EXECUTABLE);
}

/* Returns 0 if the command was executed, otherwise the errno of the child, which is reaped. */
static int wait_for_execution(int failure_pipe, pid_t command) {
    int failure = 0;
    ssize_t length = read(failure_pipe, &failure, sizeof failure);
    if (length <= 0) {
        return 0;
    }
    waitpid(command, NULL, 0);
    return failure;
}

bool child_start(char *const *arguments, const relay *signals, child *out_started) {
    int ends[2];
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0 || pipe(ends) != 0) {
        return false;
    }
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    pid_t command = fork();
    if (command == 0) {
        close(ends[0]);
        execute(arguments, signals, ends[1]);
    }
    int failure = errno;
    close(ends[1]);
    failure = command < 0 ? failure : wait_for_execution(ends[0], command);
    close(ends[0]);
    if (failure == 0) {
        *out_started = (child){.command = command};
    }
    errno = failure;
    return failure == 0;
}

bool child_reap(child *started) {
    int status = 0;
    pid_t ended = 0;
    while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
        if (ended == started->command) {
            *started = (child){.command = 0, .status = status};
        }
    }
    return ended == 0;
}

exit_code child_end_as(const child *ended) {
    enum { SIGNAL_BASE = 128 };
    if (WIFEXITED(ended->status)) {
        return (exit_code)WEXITSTATUS(ended->status);
    }
    /* The command's core is the one that counts. */
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    end_by_signal(WTERMSIG(ended->status));
    return (exit_code)(SIGNAL_BASE + WTERMSIG(ended->status));
}
