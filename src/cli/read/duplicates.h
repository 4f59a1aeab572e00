/* Names that must be unique. */
#ifndef REIN_CLI_READ_DUPLICATES_H
#define REIN_CLI_READ_DUPLICATES_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/base/work_limits.h"

/* Whether a name stands twice: then the index of the earliest repetition and of the name's first
 * appearance. False too if the limits, which may be NULL, stopped it. Fewer than 2^32 names.
 * O(n log n), whatever the names; close to linear for most. */
bool find_duplicate(arena *memory, const char *const *names, size_t count, work_limits *limits,
                    size_t *out_first, size_t *out_again);

#endif
