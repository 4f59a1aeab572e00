/* Lowers a placement: removes the tensors that end above a target, and reinserts each below it at
 * the offset that ejects the least weight. Ejected tensors are reinserted in turn. A tensor that
 * was ejected often weighs more, so that tensors do not eject each other forever. */
#ifndef REIN_HOST_PLAN_REPAIR_H
#define REIN_HOST_PLAN_REPAIR_H

#include "host/plan/instance.h"
#include "host/plan/stop_check.h"

/* A placed tensor that is alive together with the tensor to insert. */
typedef struct repair_neighbour {
    uint64_t offset;
    uint64_t end;
    uint64_t weight;
    uint32_t tensor;
} repair_neighbour;

typedef struct repair {
    const instance *in;
    uint32_t width; /* sections of a stretch */
    size_t *start;  /* by stretch: start of its list in `listed` */
    uint32_t *listed;
    uint64_t *offset; /* by tensor; REPAIR_OUT for those in the queue */
    uint32_t *ejections;
    uint32_t *queue; /* a heap with the largest tensor on top */
    uint32_t queue_length;
    repair_neighbour *near;
    uint32_t near_count;
    keyed_index *by_end;
    keyed_index *by_offset; /* 2 * count: the second half is scratch for the sorts */
    unsigned size_shift;    /* the unit of weights is 2^size_shift granules */
} repair;

void rein_i_repair_layout(repair *r, size_t count, arena *memory);

/* Prepares runs on an instance. `space` holds 2 * count elements and is borrowed. */
void rein_i_repair_build(repair *r, const instance *in, keyed_index *space);

/* Lowers the placement `offsets` to a height of at most `target`. Returns false and leaves the
 * offsets unchanged if it fails. Subtracts its reads, about one per neighbour, from `reads_left`
 * and fails when none are left. No fixed tensor may end above the target. */
bool rein_i_repair_run(repair *r, uint64_t target, uint64_t *reads_left, stop_check *stop,
                       uint64_t *offsets);

#endif
