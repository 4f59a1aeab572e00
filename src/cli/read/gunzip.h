/* Text compressed by gzip. */
#ifndef REIN_CLI_READ_GUNZIP_H
#define REIN_CLI_READ_GUNZIP_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"
#include "cli/base/work_limits.h"

/* Returns whether the name ends in `.gz`. */
bool is_gzip_name(const char *path);

/* Inflates `length` bytes at `packed`, which must be gzip members only. The text is NUL-terminated.
 * Allocates at most twice `largest_bytes` for the output, however much it would be. Returns false
 * and reports it if the input is broken, truncated or inflates to more than `largest_bytes`, or if
 * `limits`, which may be NULL, stopped it. */
bool gunzip(diagnostics *sink, const char *path, const char *packed, size_t length,
            size_t largest_bytes, work_limits *limits, char **out_text, size_t *out_length);

#endif
