/* The live bytes over time, as a line of steps. */
#ifndef REIN_CLI_PLAN_LIVE_OUTLINE_H
#define REIN_CLI_PLAN_LIVE_OUTLINE_H

#include "cli/read/lifetimes.h"

typedef struct live_step {
    int64_t instant;
    uint64_t live_bytes; /* from this instant to the next step's */
} live_step;

typedef struct live_outline {
    const live_step *steps; /* in time order; the last has 0 bytes */
    size_t count;
} live_outline;

/* Returns the outline of the lifetimes. No sum of live bytes may exceed 64 bits, which
 * rein_lifetimes_peak checks. O(n log n). */
live_outline live_outline_make(arena *memory, const lifetimes_file *input);

#endif
