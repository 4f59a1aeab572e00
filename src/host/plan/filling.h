/* Fills the slack of an instance with fillers: tensors that stand for what no tensor will use.
 *
 * A packing without slack is far easier to find than one with slack, for nothing may be wasted. So
 * the slack over time is split into fillers, at random, as few as can be: what is left over in a
 * packing tends to be a few holes. A placement of the filled instance is one of the instance
 * itself; that there is none says nothing. */
#ifndef REIN_HOST_PLAN_FILLING_H
#define REIN_HOST_PLAN_FILLING_H

#include "host/plan/state.h"

typedef struct filler {
    uint32_t first; /* sections, as of a tensor */
    uint32_t last;
    uint64_t size;
} filler;

/* Where the slack changes: at the start of `section`, by `to - from`. */
typedef struct slack_change {
    uint32_t section;
    uint64_t from;
    uint64_t to;
} slack_change;

typedef struct filling {
    const instance *original;
    /* The original tensors and the fillers. `source` is the original tensor's index, or
     * FILLING_NONE. */
    instance in;
    slack_change *changes;
    uint32_t change_count;
    filler *drawn;
    filler *fewest;
    uint32_t filler_capacity;
} filling;

#define FILLING_NONE UINT32_MAX

/* The most fillers beside `count` tensors. */
size_t rein_i_filling_most(size_t count);

void rein_i_filling_layout(filling *f, size_t count, arena *memory);

/* Before the first draw for an instance that the state holds, and a capacity of at least its peak.
 */
void rein_i_filling_begin(filling *f, const instance *original, uint64_t capacity);

/* Draws fillers and sets `in`, the same for the same noise. False where it takes too many. */
bool rein_i_filling_draw(filling *f, uint64_t noise);

/* Makes offsets of `in` to those of the original instance, in place. */
void rein_i_filling_take_out(const filling *f, uint64_t *offsets);

#endif
