/* The bytes that are alive at each instant, as a line of steps. */
#ifndef REIN_CLI_PLAN_LIVE_OUTLINE_H
#define REIN_CLI_PLAN_LIVE_OUTLINE_H

#include "cli/read/lifetimes.h"

typedef struct live_step {
    int64_t instant;
    uint64_t live_bytes; /* from this instant to the next step's */
} live_step;

typedef struct live_outline {
    const live_step *steps; /* in the order of time; the last one's bytes are 0 */
    size_t count;
} live_outline;

/* O(n log n). No sum of live bytes may exceed 64 bits: rein_lifetimes_peak has seen to that. */
live_outline live_outline_make(arena *memory, const lifetimes_file *input);

#endif
