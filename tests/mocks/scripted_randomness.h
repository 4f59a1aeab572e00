/* A getrandom() that fails as scripted. It replaces the system's in a program of which one file
 * includes this header. It is not in the archive of the other test doubles, whose users need the
 * system's getrandom(). */
#ifndef REIN_TESTS_MOCKS_SCRIPTED_RANDOMNESS_H
#define REIN_TESTS_MOCKS_SCRIPTED_RANDOMNESS_H

#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

static int scripted_interruptions_left;
static int scripted_errno;

/* Makes the next `interruption_count` calls fail with EINTR. Later calls fail with `failure_errno`,
 * or return random bytes if that is 0. Both start at 0. Not thread-safe. */
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
