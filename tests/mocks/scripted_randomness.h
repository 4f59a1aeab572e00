/* The system's randomness, scripted: a program of which one file includes this calls what is here
 * instead of the system's getrandom(). It is whole in a header and in no archive, for a program
 * that links the other doubles shall have the system's. */
#ifndef REIN_TESTS_MOCKS_SCRIPTED_RANDOMNESS_H
#define REIN_TESTS_MOCKS_SCRIPTED_RANDOMNESS_H

#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

static int scripted_interruptions_left;
static int scripted_errno;

/* The next `interruption_count` calls are interrupted (EINTR); those behind them fail with
 * `failure_errno`, or give randomness where that is 0. Both start at 0. Not for several threads. */
static inline void scripted_randomness_set(int interruption_count, int failure_errno) {
    scripted_interruptions_left = interruption_count;
    scripted_errno = failure_errno;
}

ssize_t getrandom(void *buffer, size_t length, unsigned flags) {
    (void)flags;
    if (scripted_interruptions_left > 0) {
        scripted_interruptions_left--;
        errno = EINTR;
        return -1;
    }
    if (scripted_errno != 0) {
        errno = scripted_errno;
        return -1;
    }
    int source = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    ssize_t given = read(source, buffer, length);
    close(source);
    return given;
}

#endif
