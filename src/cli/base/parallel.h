/* Parallel work on a list, with results taken in the order of the list.
 *
 * Each piece of work has its own memory. Its messages are held back until its result is taken. At
 * most PARALLEL_WAITING results per thread wait to be taken, so memory is bounded for long
 * lists. */
#ifndef REIN_CLI_BASE_PARALLEL_H
#define REIN_CLI_BASE_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/base/diagnostics.h"

enum { PARALLEL_WAITING = 4, PARALLEL_THREADS_MAX = 1024 };

typedef struct parallel_work {
    size_t count;
    size_t thread_count; /* 1 to PARALLEL_THREADS_MAX; if 1, the calling thread does everything */
    /* Called once for each index, on any thread. The sink's memory lives until it returns. */
    void (*work)(void *self, size_t index, diagnostics *sink);
    /* Called after `work` of the same index, by the calling thread, in the order 0, 1, ... If it
     * returns false, no further result is taken and no further work begins. */
    bool (*take)(void *self, size_t index);
    void *self;
} parallel_work;

/* Does all the work. Writes the messages of an index to `sink` just before its result is taken. */
void parallel_run(diagnostics *sink, const parallel_work *todo);

/* Returns the number of processors that this process may use; at least 1. */
size_t parallel_processors(void);

#endif
