/* Names that must be unique. */
#ifndef REIN_CLI_READ_DUPLICATES_H
#define REIN_CLI_READ_DUPLICATES_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/base/diagnostics.h"
#include "cli/base/work_limits.h"

/* Returns whether a name is repeated, and sets the index of the earliest repetition and of the
 * first use of that name. Also returns false if `limits`, which may be NULL, stopped it. `count`
 * must be below 2^32. O(n log n) in the worst case; close to linear for most names. */
bool find_duplicate(arena *memory, const char *const *names, size_t count, work_limits *limits,
                    size_t *out_first, size_t *out_again);

/* A name and the position of its key, id or row. */
typedef struct found_name {
    const char *kind; /* such as "key" */
    const char *name;
    position at;
} found_name;

/* Reports a name that was found again, after `first_at`; returns false. */
bool refuse_duplicate(diagnostics *sink, const char *file, const found_name *repeated,
                      position first_at);

#endif
