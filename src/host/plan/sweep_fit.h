/* A placement by one sweep over time, for instances that are too large for anything that compares
 * tensors pair by pair: each tensor, when it starts, takes the smallest gap that holds it. */
#ifndef REIN_HOST_PLAN_SWEEP_FIT_H
#define REIN_HOST_PLAN_SWEEP_FIT_H

#include "host/plan/instance.h"

/* What is alive: the granules that it takes, and the section at which it ends. */
typedef struct sweep_entry {
    uint64_t offset;
    uint64_t end;
    uint32_t last;
} sweep_entry;

typedef struct sweep_fit {
    sweep_entry *live; /* lowest offset first */
    uint32_t live_count;
    uint64_t *offset;
    uint64_t height;
} sweep_fit;

void sweep_fit_layout(sweep_fit *sf, size_t count, arena *memory);

/* Sets the offsets and the height. No tensor of the instance is fixed. O(n) times the most tensors
 * that are alive at one time. False where that takes more than `most`. */
bool sweep_fit_run(sweep_fit *sf, const instance *in, uint64_t most);

#endif
