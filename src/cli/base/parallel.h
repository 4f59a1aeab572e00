/* Work on a list, side by side, whose results are taken in the order of the list.
 *
 * Each piece of work has memory of its own, and messages that are held back until it is taken. Only
 * as many results wait for that as there are threads, times PARALLEL_WAITING: memory is bounded
 * however long the list. */
#ifndef REIN_CLI_BASE_PARALLEL_H
#define REIN_CLI_BASE_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/base/diagnostics.h"

enum { PARALLEL_WAITING = 4, PARALLEL_THREADS_MAX = 1024 };

typedef struct parallel_work {
    size_t count;
    size_t thread_count; /* 1 to PARALLEL_THREADS_MAX; with 1, the calling thread does all */
    /* Called once for each index, on any thread. The sink's memory lives until it returns. */
    void (*work)(void *self, size_t index, diagnostics *sink);
    /* Called after `work` of the same index, by the calling thread, in the order 0, 1, ... If it
     * returns false, no more is taken, and work that has not begun does not begin. */
    bool (*take)(void *self, size_t index);
    void *self;
} parallel_work;

/* Messages go to `sink` just before their index is taken. */
void parallel_run(diagnostics *sink, const parallel_work *todo);

/* The processors that this process may use; at least 1. */
size_t parallel_processors(void);

#endif
