/* Names that must be unique. */
#ifndef REIN_CLI_DUPLICATES_H
#define REIN_CLI_DUPLICATES_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/arena.h"

/* Whether a name stands twice: then the index of the earliest repetition and of the name's first
 * appearance. O(n log n). */
bool find_duplicate(arena *memory, const char *const *names, size_t count, size_t *out_first,
                    size_t *out_again);

#endif
