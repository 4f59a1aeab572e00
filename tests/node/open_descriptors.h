/* Counts the open descriptors of the process, so that tests find leaked ones. */
#ifndef REIN_TESTS_NODE_OPEN_DESCRIPTORS_H
#define REIN_TESTS_NODE_OPEN_DESCRIPTORS_H

#include <dirent.h>
#include <stddef.h>

static inline size_t open_descriptors(void) {
    DIR *folder = opendir("/proc/self/fd");
    size_t count = 0;
    while (folder != NULL && readdir(folder) != NULL) {
        count++;
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return count;
}

#endif
