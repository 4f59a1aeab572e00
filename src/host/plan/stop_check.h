/* Progress and cancellation hooks for the heuristics. */
#ifndef REIN_HOST_PLAN_STOP_CHECK_H
#define REIN_HOST_PLAN_STOP_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/base/radix_sort.h"

typedef struct stop_check {
    /* Returns false to stop. `placed_count`: tensors that the current pass has placed. */
    bool (*may_go_on)(void *self, uint32_t placed_count);
    void *self;
    bool is_stopped; /* never cleared */
} stop_check;

/* A pass that places tensors checks every TENSORS_PER_STOP_CHECK tensors. A pass that only sorts or
 * lists them checks every LISTED_PER_STOP_CHECK tensors, about a millisecond of work. It never
 * stops a problem of fewer tensors, so that always gets a placement. */
enum { TENSORS_PER_STOP_CHECK = 64, LISTED_PER_STOP_CHECK = RADIX_SORT_ITEMS_PER_LOOK };

/* Returns whether a pass that has placed `placed_count` tensors may go on. */
static inline bool stop_check_may_place(stop_check *stop, uint32_t placed_count) {
    stop->is_stopped = stop->is_stopped || !stop->may_go_on(stop->self, placed_count);
    return !stop->is_stopped;
}

/* Returns whether a pass that lists tensors may go on with the tensor at `index`. */
static inline bool stop_check_may_list(stop_check *stop, size_t index) {
    return index % LISTED_PER_STOP_CHECK != 0 || index == 0 || stop_check_may_place(stop, 0);
}

/* The callback for rein_i_radix_sort; its context is the stop_check. */
static inline bool stop_check_may_sort(void *stop) {
    return stop_check_may_place(stop, 0);
}

#endif
