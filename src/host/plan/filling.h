/* Fills the slack of an instance with fillers: tensors that represent unused space.
 *
 * A packing without slack is far easier to find, because bad choices fail early. So the slack over
 * time is split at random into as few fillers as possible: real packings tend to have a few holes.
 * A placement of the filled instance is a placement of the original one. The reverse does not hold:
 * a refuted filling proves nothing. */
#ifndef REIN_HOST_PLAN_FILLING_H
#define REIN_HOST_PLAN_FILLING_H

#include "host/plan/state.h"

typedef struct filler {
    uint32_t first; /* sections [first, last), as for a tensor */
    uint32_t last;
    uint64_t size;
} filler;

/* The slack changes by `to - from` at the start of `section`. */
typedef struct slack_change {
    uint32_t section;
    uint64_t from;
    uint64_t to;
} slack_change;

typedef struct filling {
    const instance *original;
    /* The original tensors and the fillers. `source`: the index of the original tensor, or
     * FILLING_NONE. */
    instance in;
    slack_change *changes;
    uint32_t change_count;
    filler *drawn;
    filler *fewest;
    uint32_t filler_capacity;
} filling;

#define FILLING_NONE UINT32_MAX

/* Returns the maximum number of fillers for `count` tensors. */
size_t rein_i_filling_max_count(size_t count);

void rein_i_filling_layout(filling *f, size_t count, arena *memory);

/* Prepares draws for an instance and a capacity. The instance must fit the search's state; the
 * capacity must be at least its peak. */
void rein_i_filling_begin(filling *f, const instance *original, uint64_t capacity);

/* Draws fillers and sets `in`, the same for the same noise. Returns false if it would take too many
 * fillers. */
bool rein_i_filling_draw(filling *f, uint64_t noise);

/* Converts offsets of `in` to offsets of the original instance, in place. */
void rein_i_filling_take_out(const filling *f, uint64_t *offsets);

#endif
