/* How whoever asked for a plan watches the heuristics, and stops them. */
#ifndef REIN_HOST_PLAN_WATCH_H
#define REIN_HOST_PLAN_WATCH_H

#include <stdbool.h>
#include <stdint.h>

typedef struct watch {
    /* False: stop. `placed_count` tensors of the pass at hand are placed. */
    bool (*may_go_on)(void *self, uint32_t placed_count);
    void *self;
    bool is_stopped; /* once and for all */
} watch;

/* A pass looks before each of these many tensors. */
enum { WATCH_TENSORS_PER_LOOK = 64 };

static inline bool watch_look(watch *w, uint32_t placed_count) {
    w->is_stopped = w->is_stopped || !w->may_go_on(w->self, placed_count);
    return !w->is_stopped;
}

#endif
