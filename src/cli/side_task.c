#include "cli/side_task.h"

#include <stdlib.h>

#include "cli/exit_code.h"

void side_task_begin(side_task *task) {
    *task = (side_task){.messages = NULL};
    task->sink.stream = open_memstream(&task->messages, &task->messages_length);
    task->sink.memory = arena_create();
    if (task->sink.stream == NULL) {
        fputs("rein: out of memory\n", stderr);
        exit(EXIT_CODE_BAD_INPUT);
    }
}

void side_task_end(side_task *task) {
    fclose(task->sink.stream);
    arena_destroy(task->sink.memory);
    task->sink = (diagnostics){.stream = NULL};
}

void side_task_pass_on(side_task *task, diagnostics *sink) {
    fwrite(task->messages, 1, task->messages_length, sink->stream);
    free(task->messages);
    *task = (side_task){.messages = NULL};
}
