/* Names of files. */
#ifndef REIN_CLI_BASE_PATH_H
#define REIN_CLI_BASE_PATH_H

#include <stdbool.h>

/* The part of `path` behind its last slash. */
const char *path_name(const char *path);

/* Whether `path` ends in `end`, such as ".csv", and is longer than that. */
bool path_ends_in(const char *path, const char *end);

#endif
