/* How whoever asked for a plan watches the heuristics, and stops them. */
#ifndef REIN_HOST_PLAN_WATCH_H
#define REIN_HOST_PLAN_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct watch {
    /* False: stop. `placed_count` tensors of the pass at hand are placed. */
    bool (*may_go_on)(void *self, uint32_t placed_count);
    void *self;
    bool is_stopped; /* once and for all */
} watch;

/* A pass that places tensors looks before each of these many. One that only sorts or lists them
 * looks after each WATCH_LISTED_PER_LOOK, about a millisecond's work: where there are fewer, it is
 * never stopped, so that a small problem always has a placement. */
enum { WATCH_TENSORS_PER_LOOK = 64, WATCH_LISTED_PER_LOOK = 1 << 16 };

static inline bool watch_look(watch *w, uint32_t placed_count) {
    w->is_stopped = w->is_stopped || !w->may_go_on(w->self, placed_count);
    return !w->is_stopped;
}

/* Before the item at `index` of a pass that sorts or lists; `w` may be NULL. */
static inline bool watch_item(watch *w, size_t index) {
    return w == NULL || index % WATCH_LISTED_PER_LOOK != 0 || index == 0 || watch_look(w, 0);
}

#endif
