/* The best placement that can be had without a search: classic orders; for many tensors, boxes and
 * repairs. Stops at the bound. */
#ifndef REIN_HOST_PLAN_HEURISTICS_H
#define REIN_HOST_PLAN_HEURISTICS_H

#include "host/plan/boxes.h"
#include "host/plan/first_fit.h"
#include "host/plan/repair.h"

/* What was found so far. */
typedef struct heuristics_best {
    bool exists;
    uint64_t height;
    uint64_t *offset; /* by tensor */
} heuristics_best;

typedef struct heuristics {
    keyed_index *space; /* 2 * count; free between the calls */
    first_fit ff;
    boxes packing;
    repair repairs;
    /* To be set before a call. */
    const instance *in;
    heuristics_best *best;
    uint64_t bound;   /* no placement is lower */
    uint64_t highest; /* no placement may be higher */
    stop_check *stop;
} heuristics;

/* Without the boxes. */
void rein_i_heuristics_layout(heuristics *h, size_t count, arena *memory);

/* For instances that the exact search takes. */
void rein_i_heuristics_run_small(heuristics *h);

/* For all others. Near to linear: where tensors meet very many others, boxes are compared
 * instead. */
void rein_i_heuristics_run_large(heuristics *h);

/* Repairs the best placement, target by target, until the reads are spent. */
void rein_i_heuristics_improve(heuristics *h, uint64_t *reads_left);

#endif
