#include "cli/base/side_task.h"

#include <stdlib.h>

#include "cli/base/progress.h"

void side_task_begin(side_task *task) {
    memory_stream_open(&task->messages);
    task->sink = (diagnostics){.stream = task->messages.stream, .memory = arena_create()};
}

void side_task_end(side_task *task) {
    if (!memory_stream_close(&task->messages)) {
        stop_without_memory();
    }
    arena_destroy(task->sink.memory);
    task->sink = (diagnostics){.stream = NULL};
}

void side_task_pass_on(side_task *task, diagnostics *sink) {
    if (task->messages.length > 0) {
        progress_pause();
        fwrite(task->messages.text, 1, task->messages.length, sink->stream);
        progress_resume();
    }
    free(task->messages.text);
    task->messages = (memory_stream){.text = NULL};
}
