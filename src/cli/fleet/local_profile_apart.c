#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/fleet/local_device.h"

/* The profile that the child read, or the reason why it could not. */
typedef struct answer {
    bool is_read;
    rein_device_profile profile;
    char reason[1024];
} answer;

__attribute__((noreturn)) static void read_in_child(arena *memory, const char *name, int file) {
    const char *reason = "";
    answer found = {.is_read = false};
    found.is_read = read_local_profile(memory, name, &found.profile, &reason);
    snprintf(found.reason, sizeof found.reason, "%s", reason);
    (void)!write(file, &found, sizeof found);
    _exit(0);
}

/* Returns false if the child ended without an answer. */
static bool receive(int file, answer *out_found) {
    size_t length = 0;
    ssize_t received = 0;
    while ((received = read(file, (char *)out_found + length, sizeof *out_found - length)) > 0) {
        length += (size_t)received;
    }
    return length == sizeof *out_found;
}

/* Returns false if there is no answer. */
static bool ask_child(arena *memory, const char *name, answer *out_found) {
    int ends[2];
    if (pipe(ends) != 0) {
        return false;
    }
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        read_in_child(memory, name, ends[1]);
    }
    close(ends[1]);
    bool has_answer = child > 0 && receive(ends[0], out_found);
    close(ends[0]);
    if (child > 0) {
        waitpid(child, NULL, 0);
    }
    return has_answer;
}

bool read_local_profile_apart(arena *memory, const char *name, rein_device_profile *out_profile,
                              const char **out_reason) {
    answer found = {.is_read = false};
    if (!ask_child(memory, name, &found)) {
        *out_reason = "the process that reads it ended early";
        return false;
    }
    if (!found.is_read) {
        *out_reason = arena_print(memory, "%s", found.reason);
        return false;
    }
    *out_profile = found.profile;
    return true;
}
