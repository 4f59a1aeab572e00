/* Observes how the contract stops a program, and continues. */
#ifndef REIN_TESTS_STOP_H
#define REIN_TESTS_STOP_H

#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

typedef struct stop_report {
    bool is_stopped; /* by abort() */
    char text[2048]; /* standard error */
} stop_report;

static sigjmp_buf stop_return;

static inline void stop_leave(int signal_number) {
    siglongjmp(stop_return, signal_number);
}

/* Runs `act`, which is expected to call abort(), with standard error captured in a file. Leaves
 * through the handler of SIGABRT, so that the process can examine the output. */
static inline stop_report stop_observe(void (*act)(void)) {
    stop_report report = {.is_stopped = false};
    FILE *captured = tmpfile();
    int standard_error = dup(STDERR_FILENO);
    cr_assert(captured != NULL && standard_error >= 0, "standard error can be captured");
    fflush(stderr);
    dup2(fileno(captured), STDERR_FILENO);
    struct sigaction leave = {.sa_handler = stop_leave};
    struct sigaction before;
    sigaction(SIGABRT, &leave, &before);
    if (sigsetjmp(stop_return, 1) == 0) {
        act();
    } else {
        report.is_stopped = true;
    }
    sigaction(SIGABRT, &before, NULL);
    fflush(stderr);
    dup2(standard_error, STDERR_FILENO);
    close(standard_error);
    rewind(captured);
    report.text[fread(report.text, 1, sizeof report.text - 1, captured)] = '\0';
    fclose(captured);
    return report;
}

/* Expects that `act` stops with a message that contains `part`. */
static inline void expect_stop(void (*act)(void), const char *part) {
    stop_report report = stop_observe(act);
    cr_assert(report.is_stopped, "expected a stop that says '%s'", part);
    cr_assert(strstr(report.text, part) != NULL, "expected '%s' in\n%s", part, report.text);
}

#endif
