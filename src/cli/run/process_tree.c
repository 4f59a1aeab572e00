#include "cli/run/process_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool process_stat_parent(const char *text, pid_t *out_parent) {
    /* "12 (name) S 1 ...": the name may contain parentheses and spaces. */
    enum { STATE_LENGTH = 4 }; /* ") S " */
    const char *name_end = strrchr(text, ')');
    if (name_end == NULL || strlen(name_end) <= STATE_LENGTH) {
        return false;
    }
    char *end = NULL;
    long parent = strtol(name_end + STATE_LENGTH, &end, 10);
    *out_parent = (pid_t)parent;
    return end != name_end + STATE_LENGTH;
}

/* Returns false if the process does not exist. */
static bool parent_of(pid_t process, pid_t *out_parent) {
    enum { LENGTH_MAX = 1023 }; /* the parent stands behind a short name */
    char path[sizeof "/proc//stat" + 3 * sizeof process];
    char text[LENGTH_MAX + 1];
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)process);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return false;
    }
    ssize_t length = read(file, text, LENGTH_MAX);
    close(file);
    text[length < 0 ? 0 : length] = '\0';
    return process_stat_parent(text, out_parent);
}

bool process_descends(pid_t process, pid_t ancestor) {
    pid_t at = process;
    do {
        if (at <= 1 || !parent_of(at, &at)) {
            return false;
        }
    } while (at != ancestor);
    return true;
}

void signal_children(int signal_number) {
    DIR *folder = opendir("/proc");
    if (folder == NULL) {
        return;
    }
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        pid_t process = (pid_t)strtol(entry->d_name, NULL, 10); /* 0: not a process */
        pid_t parent = 0;
        (void)parent_of(process, &parent);
        if (parent == getpid()) {
            kill(process, signal_number);
        }
    }
    closedir(folder);
}
