#define _DEFAULT_SOURCE /* syscall */
#include "mocks/scripted_randomness.h"

#include <errno.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

static int interruptions_left;
static int final_errno;

void scripted_randomness_set(int interruption_count, int failure_errno) {
    interruptions_left = interruption_count;
    final_errno = failure_errno;
}

ssize_t getrandom(void *buffer, size_t length, unsigned flags) {
    if (interruptions_left > 0) {
        interruptions_left--;
        errno = EINTR;
        return -1;
    }
    if (final_errno != 0) {
        errno = final_errno;
        return -1;
    }
    return syscall(SYS_getrandom, buffer, length, flags);
}
