/* A path that cannot be opened, not even by root, for another reason than a missing file. */
#ifndef REIN_TESTS_EXAMPLES_UNOPENABLE_PATH_H
#define REIN_TESTS_EXAMPLES_UNOPENABLE_PATH_H

#include <string.h>

/* Returns a file name that is too long for any file system (ENAMETOOLONG). */
static inline const char *unopenable_path(void) {
    static char path[1024];
    memset(path, 'n', sizeof path - 1);
    return path;
}

#endif
