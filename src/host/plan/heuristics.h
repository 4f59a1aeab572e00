/* Finds a placement without a search: by classic orders, and for many tensors also by boxes and
 * repairs. Stops at the lower bound. */
#ifndef REIN_HOST_PLAN_HEURISTICS_H
#define REIN_HOST_PLAN_HEURISTICS_H

#include "host/plan/boxes.h"
#include "host/plan/first_fit.h"
#include "host/plan/repair.h"

/* The best placement so far. */
typedef struct heuristics_best {
    bool exists;
    uint64_t height;
    uint64_t *offset; /* by tensor */
} heuristics_best;

typedef struct heuristics {
    keyed_index *space; /* 2 * count; unused between calls */
    first_fit ff;
    boxes packing;
    repair repairs;
    /* The caller sets the following before a run. */
    const instance *in;
    heuristics_best *best;
    uint64_t bound;   /* no placement is lower */
    uint64_t highest; /* no placement may be higher */
    stop_check *stop;
} heuristics;

/* Lays out everything except `packing`. */
void rein_i_heuristics_layout(heuristics *h, size_t count, arena *memory);

/* Runs the heuristics for an instance that is small enough for the exact search. */
void rein_i_heuristics_run_small(heuristics *h);

/* Runs the heuristics for a large instance. Nearly linear: if tensors overlap very many others in
 * time, boxes are compared instead. */
void rein_i_heuristics_run_large(heuristics *h);

/* Repairs the best placement for lower and lower targets until the reads are spent. */
void rein_i_heuristics_improve(heuristics *h, uint64_t *reads_left);

#endif
