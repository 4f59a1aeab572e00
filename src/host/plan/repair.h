/* Makes a placement lower: takes out the tensors that end above a target and puts each back below
 * it, where it pushes out the least; what was pushed out is put back in turn. What was pushed out
 * often weighs more, so that the same tensors do not push each other about for ever. */
#ifndef REIN_HOST_PLAN_REPAIR_H
#define REIN_HOST_PLAN_REPAIR_H

#include "host/plan/instance.h"
#include "host/plan/stop_check.h"

/* A placed tensor that is alive together with the one to be put. */
typedef struct repair_neighbour {
    uint64_t offset;
    uint64_t end;
    uint64_t weight;
    uint32_t tensor;
} repair_neighbour;

typedef struct repair {
    const instance *in;
    uint32_t width; /* sections of a stretch */
    size_t *start;  /* by stretch: its list in `listed` */
    uint32_t *listed;
    uint64_t *offset; /* by tensor; REPAIR_OUT for those in the queue */
    uint32_t *ejections;
    uint32_t *queue; /* a heap, the largest on top */
    uint32_t queue_length;
    repair_neighbour *near;
    uint32_t near_count;
    keyed_index *by_end;
    keyed_index *by_offset; /* 2 * count: the second half is for sorting */
    unsigned size_shift;    /* weights count in units of 2 to this */
} repair;

void rein_i_repair_layout(repair *r, size_t count, arena *memory);

/* Before the first run on an instance. `space` holds 2 * count elements and is borrowed. */
void rein_i_repair_build(repair *r, const instance *in, keyed_index *space);

/* Whether `offsets`, a placement, could be changed to a height of at most `target`; if not, they
 * are as they were. Takes what it reads, about a neighbour each, off `reads_left`, and stops when
 * nothing is left. No fixed tensor may end above the target. */
bool rein_i_repair_run(repair *r, uint64_t target, uint64_t *reads_left, stop_check *stop,
                       uint64_t *offsets);

#endif
