#include "cli/base/unfinished_file.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

static bool is_taken;
static unfinished_file *first; /* guarded by is_taken */

/* Locks the list. All signals are blocked while it is locked, so a handler never waits for the
 * thread it interrupted. sched_yield is only a system call, so handlers may call it. */
static void take_list(sigset_t *out_before) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, out_before);
    while (__atomic_test_and_set(&is_taken, __ATOMIC_ACQUIRE)) {
        sched_yield();
    }
}

static void give_list_back(const sigset_t *before) {
    __atomic_clear(&is_taken, __ATOMIC_RELEASE);
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

void end_by_signal(int signal_number) {
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    sigset_t mask;
    /* Never unlocked: a thread that is about to make a file waits until the process ends. */
    take_list(&mask);
    for (const unfinished_file *file = first; file != NULL; file = file->next) {
        unlink(file->path);
    }
    sigaction(signal_number, &usual, NULL);
    sigemptyset(&mask);
    sigaddset(&mask, signal_number);
    pthread_sigmask(SIG_UNBLOCK, &mask, NULL);
    raise(signal_number);
}

/* Leaves signals that are ignored or have another handler unchanged. */
static void watch_signal(int number) {
    const struct sigaction watched = {.sa_handler = end_by_signal, .sa_flags = (int)SA_RESTART};
    struct sigaction before;
    sigaction(number, NULL, &before);
    if (before.sa_handler == SIG_DFL) {
        sigaction(number, &watched, NULL);
    }
}

static void watch_signals(void) {
    static const int ending[] = {SIGHUP,  SIGINT,    SIGQUIT, SIGTERM, SIGALRM, SIGUSR1,  SIGUSR2,
                                 SIGXCPU, SIGVTALRM, SIGPROF, SIGPOLL, SIGPWR,  SIGSTKFLT};
    for (size_t index = 0; index < sizeof ending / sizeof ending[0]; index++) {
        watch_signal(ending[index]);
    }
    for (int number = SIGRTMIN; number <= SIGRTMAX; number++) {
        watch_signal(number);
    }
}

int unfinished_file_make(unfinished_file *file) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    sigset_t before;
    pthread_once(&once, watch_signals);
    take_list(&before);
    int made = mkstemp(file->path);
    if (made >= 0) {
        file->next = first;
        first = file;
    }
    give_list_back(&before);
    return made;
}

void unfinished_file_done(unfinished_file *file) {
    sigset_t before;
    take_list(&before);
    unfinished_file **link = &first;
    while (*link != file) {
        link = &(*link)->next;
    }
    *link = file->next;
    give_list_back(&before);
}
