/* Names that are too wide for a column, shortened so that they still differ. */
#ifndef REIN_CLI_WRITE_SHORT_NAMES_H
#define REIN_CLI_WRITE_SHORT_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/base/arena.h"

typedef struct short_names {
    const char *const *names;
    size_t count;
    size_t columns;  /* at least 8 */
    bool keeps_ends; /* of paths: the names of the files */
    const char *ellipsis;
} short_names;

/* Names of at most so many columns, each part that is left out marked by the ellipsis. Two are the
 * same only if the names are. NULL if there are no such names. O(n log n). */
const char *const *names_shorten(arena *memory, const short_names *asked);

#endif
