/* File names. */
#ifndef REIN_CLI_BASE_PATH_H
#define REIN_CLI_BASE_PATH_H

#include <stdbool.h>

#include "cli/base/arena.h"

/* Returns whether `path` is "-", which means standard input or standard output. */
bool path_is_standard(const char *path);

/* Returns the part of `path` after its last slash. */
const char *path_name(const char *path);

/* Returns whether `path` ends in `end`, such as ".csv", and is longer than `end`. */
bool path_ends_in(const char *path, const char *end);

/* Returns false if there is certainly nothing at `path`. A symbolic link counts even if it has no
 * target, so that opening it gives the error. */
bool path_exists(const char *path);

/* Returns `path`, found in the file `from`, resolved against the directory of `from`. */
const char *path_resolve(arena *memory, const char *from, const char *path);

#endif
