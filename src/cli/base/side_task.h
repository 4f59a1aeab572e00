/* What a piece of work on another thread needs of its own: memory, and messages that are held back
 * until it is their turn. */
#ifndef REIN_CLI_BASE_SIDE_TASK_H
#define REIN_CLI_BASE_SIDE_TASK_H

#include "cli/base/diagnostics.h"
#include "cli/base/memory_stream.h"

typedef struct side_task {
    diagnostics sink; /* while the task runs */
    memory_stream messages;
} side_task;

/* On any thread. */
void side_task_begin(side_task *task);

/* On the same thread: frees the task's memory, keeps its messages. */
void side_task_end(side_task *task);

/* Writes the messages of an ended task where those of `sink` go, and frees them. */
void side_task_pass_on(side_task *task, diagnostics *sink);

#endif
