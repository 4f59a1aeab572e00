/* Work on a list, side by side, whose results are taken in the order of the list.
 *
 * Only so many results wait for their turn as there are threads, times PARALLEL_WAITING: memory is
 * bounded however long the list. */
#ifndef REIN_CLI_BASE_PARALLEL_H
#define REIN_CLI_BASE_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

enum { PARALLEL_WAITING = 4, PARALLEL_THREADS_MAX = 1024 };

typedef struct parallel_work {
    size_t count;
    size_t thread_count; /* 1 to PARALLEL_THREADS_MAX; with 1, all is done by the calling thread */
    /* Each once, on any thread. */
    void (*work)(void *self, size_t index);
    /* After `work` of the same index, by the calling thread, in the order 0, 1, ...; where it
     * returns false, no more is taken, and what has not begun is not worked on. */
    bool (*take)(void *self, size_t index);
    void *self;
} parallel_work;

void parallel_run(const parallel_work *todo);

/* The processors that this process may use; at least 1. */
size_t parallel_processors(void);

#endif
