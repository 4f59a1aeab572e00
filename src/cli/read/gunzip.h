/* Text that gzip made smaller. */
#ifndef REIN_CLI_READ_GUNZIP_H
#define REIN_CLI_READ_GUNZIP_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"
#include "cli/base/work_limits.h"

/* Whether the name ends in `.gz`. */
bool is_gzip_name(const char *path);

/* Inflates the `length` bytes at `packed`, one or more gzip members and nothing else;
 * NUL-terminated. Memory: at most twice `largest_bytes` of output are allocated, however much more
 * there would be. Reports what is broken, cut, or larger than that, or that the limits, which may
 * be NULL, stopped it, and returns false. */
bool gunzip(diagnostics *sink, const char *path, const char *packed, size_t length,
            size_t largest_bytes, work_limits *limits, char **out_text, size_t *out_length);

#endif
