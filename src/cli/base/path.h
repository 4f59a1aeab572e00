/* Names of files. */
#ifndef REIN_CLI_BASE_PATH_H
#define REIN_CLI_BASE_PATH_H

#include <stdbool.h>

#include "cli/base/arena.h"

/* Whether `path` is "-": standard input, or standard output. */
bool path_is_standard(const char *path);

/* The part of `path` behind its last slash. */
const char *path_name(const char *path);

/* Whether `path` ends in `end`, such as ".csv", and is longer than that. */
bool path_ends_in(const char *path, const char *end);

/* `path` as it stands in the file `from`, made relative to that file's directory. */
const char *path_resolve(arena *memory, const char *from, const char *path);

#endif
