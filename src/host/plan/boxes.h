/* Boxes: tensors with nearly the same life, stacked on each other and placed as one.
 *
 * If very many tensors are alive together, comparing each with all others takes quadratic time, and
 * each is small compared to the height. Boxes reduce their number. The cost is wasted space while
 * only a part of a box is alive. The idea is from Buchsbaum, Karloff, Kenyon, Reingold and Thorup,
 * "OPT versus LOAD in dynamic storage allocation" (2003). */
#ifndef REIN_HOST_PLAN_BOXES_H
#define REIN_HOST_PLAN_BOXES_H

#include "host/plan/instance.h"
#include "host/plan/stop_check.h"

typedef struct box_rules {
    uint64_t height;     /* maximum granules of a box of several tensors */
    uint64_t round_from; /* boxes higher than this are rounded up to `height` */
    uint64_t hot_from;   /* no life is lengthened in sections with this many live granules */
    double waste;        /* maximum waste of a box, as a fraction of the area of its tensors */
} box_rules;

typedef struct boxes {
    const instance *in;
    instance packed;  /* the boxes, as tensors; without the fields that only the search reads */
    uint32_t *hot;    /* by section, and after the last: number of hot sections before it */
    double *area;     /* by box: granules times sections, summed over its tensors */
    uint32_t *box_of; /* by tensor */
    uint64_t *inside; /* by tensor: its offset in its box */
    const keyed_index *order;
} boxes;

void rein_i_boxes_layout(boxes *b, size_t count, arena *memory);

/* Sorts the tensors so that those with nearly the same life are adjacent. `space` holds 2 * count
 * elements and is borrowed until the last rein_i_boxes_pack. Returns false if stopped. */
bool rein_i_boxes_sort(boxes *b, const instance *in, keyed_index *space, stop_check *stop);

/* Packs all tensors; a fixed tensor gets a box of its own. Returns false if stopped. O(count). */
bool rein_i_boxes_pack(boxes *b, box_rules rules, stop_check *stop);

/* Converts box offsets to tensor offsets; returns the height. */
uint64_t rein_i_boxes_unpack(const boxes *b, const uint64_t *box_offset, uint64_t *out_offset);

#endif
