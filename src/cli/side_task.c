#include "cli/side_task.h"

#include <stdbool.h>
#include <stdlib.h>

void side_task_begin(side_task *task) {
    *task = (side_task){.messages = NULL};
    task->sink.stream = open_memstream(&task->messages, &task->messages_length);
    task->sink.memory = arena_create();
    if (task->sink.stream == NULL) {
        stop_without_memory();
    }
}

void side_task_end(side_task *task) {
    bool is_whole = ferror(task->sink.stream) == 0;
    bool is_closed = fclose(task->sink.stream) == 0;
    if (!is_whole || !is_closed || task->messages == NULL) {
        stop_without_memory();
    }
    arena_destroy(task->sink.memory);
    task->sink = (diagnostics){.stream = NULL};
}

void side_task_pass_on(side_task *task, diagnostics *sink) {
    fwrite(task->messages, 1, task->messages_length, sink->stream);
    free(task->messages);
    *task = (side_task){.messages = NULL};
}
