/* Names that are too wide for a column, shortened to names that still differ. */
#ifndef REIN_CLI_WRITE_SHORT_NAMES_H
#define REIN_CLI_WRITE_SHORT_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/base/arena.h"

typedef struct short_names {
    const char *const *names;
    size_t count;
    size_t columns;  /* at least 8 */
    bool keeps_ends; /* for paths: keeps the file names */
    const char *ellipsis;
} short_names;

/* Returns names of at most `columns` columns, with `ellipsis` for each omitted part. Different
 * names stay different. Returns NULL if this is not possible. O(n log n). */
const char *const *names_shorten(arena *memory, const short_names *request);

#endif
