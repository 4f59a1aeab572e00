/* Boxes: tensors with nearly the same life, stacked on each other and placed as one.
 *
 * Where very many tensors are alive together, comparing each with all others takes time that grows
 * with the square of their number, and each is small beside the height: so they are packed into
 * fewer, larger ones, at the price of the time in which a box is not alive as a whole. The idea is
 * that of Buchsbaum, Karloff, Kenyon, Reingold and Thorup, "OPT versus LOAD in dynamic storage
 * allocation" (2003). */
#ifndef REIN_HOST_PLAN_BOXES_H
#define REIN_HOST_PLAN_BOXES_H

#include "host/plan/instance.h"
#include "host/plan/stop_check.h"

typedef struct box_rules {
    uint64_t height;     /* the most granules of a box of several tensors */
    uint64_t round_from; /* boxes that are higher than this are made as high as `height` */
    uint64_t hot_from;   /* lives are not lengthened where this much is alive */
    /* The most that the lives of a box's tensors may be lengthened, as a part of its area. */
    double waste;
} box_rules;

typedef struct boxes {
    const instance *in;
    instance packed;  /* the boxes, as tensors; without what only the exact search reads */
    uint32_t *hot;    /* by section, and behind the last: how many before it are hot */
    double *area;     /* by box: granules times sections of its tensors */
    uint32_t *box_of; /* by tensor */
    uint64_t *inside; /* by tensor: its offset in its box */
    const keyed_index *order;
} boxes;

void rein_i_boxes_layout(boxes *b, size_t count, arena *memory);

/* Sorts the tensors so that those with nearly the same life follow each other. `space` holds 2 *
 * count elements and is borrowed until the boxes are packed for the last time. False if it was
 * stopped. */
bool rein_i_boxes_sort(boxes *b, const instance *in, keyed_index *space, stop_check *stop);

/* Packs all tensors; fixed ones stay alone. False if it was stopped. O(count). */
bool rein_i_boxes_pack(boxes *b, box_rules rules, stop_check *stop);

/* Turns offsets of boxes into offsets of tensors; returns the height. */
uint64_t rein_i_boxes_unpack(const boxes *b, const uint64_t *box_offset, uint64_t *out_offset);

#endif
