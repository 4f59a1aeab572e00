#include "cli/base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "cli/base/memory_stream.h"
#include "cli/base/progress.h"

typedef struct runner {
    diagnostics *sink;
    const parallel_work *todo;
    memory_stream *messages; /* one per piece of work */
    pthread_mutex_t mutex;   /* guards the members below */
    pthread_cond_t changed;
    size_t begun;
    size_t end; /* no work at or above this index begins */
    size_t taken;
    bool is_done[PARALLEL_THREADS_MAX * PARALLEL_WAITING]; /* by the index modulo `window` */
    size_t window;
} runner;

/* Does the work of one index and stores its messages. */
static void do_work(const runner *run, size_t index) {
    memory_stream *messages = &run->messages[index];
    memory_stream_open(messages);
    diagnostics sink = {.stream = messages->stream, .memory = arena_create()};
    run->todo->work(run->todo->self, index, &sink);
    if (!memory_stream_close(messages)) {
        stop_without_memory();
    }
    arena_destroy(sink.memory);
}

/* Frees the messages; there are none if the work never began. */
static void discard_messages(const runner *run, size_t index) {
    memory_stream *messages = &run->messages[index];
    free(messages->text);
    messages->text = NULL;
}

static bool take(const runner *run, size_t index) {
    const memory_stream *messages = &run->messages[index];
    if (messages->length > 0) {
        progress_pause();
        fwrite(messages->text, 1, messages->length, run->sink->stream);
        progress_resume();
    }
    discard_messages(run, index);
    return run->todo->take(run->todo->self, index);
}

/* Gets the next index to work on. Returns false if there is none. */
static bool begin_next(runner *run, size_t *out_index) {
    pthread_mutex_lock(&run->mutex);
    while (run->begun < run->end && run->begun - run->taken == run->window) {
        pthread_cond_wait(&run->changed, &run->mutex);
    }
    bool is_begun = run->begun < run->end;
    *out_index = run->begun;
    run->begun += is_begun;
    pthread_mutex_unlock(&run->mutex);
    return is_begun;
}

static void *work_on(void *argument) {
    runner *run = argument;
    size_t index = 0;
    while (begin_next(run, &index)) {
        do_work(run, index);
        pthread_mutex_lock(&run->mutex);
        run->is_done[index % run->window] = true;
        pthread_cond_broadcast(&run->changed);
        pthread_mutex_unlock(&run->mutex);
    }
    return NULL;
}

static void wait_for(runner *run, size_t index) {
    pthread_mutex_lock(&run->mutex);
    while (!run->is_done[index % run->window]) {
        pthread_cond_wait(&run->changed, &run->mutex);
    }
    run->is_done[index % run->window] = false;
    pthread_mutex_unlock(&run->mutex);
}

static void note_taken(runner *run, bool goes_on) {
    pthread_mutex_lock(&run->mutex);
    run->taken++;
    run->end = goes_on ? run->end : run->begun;
    pthread_cond_broadcast(&run->changed);
    pthread_mutex_unlock(&run->mutex);
}

static void take_all(runner *run) {
    bool goes_on = true;
    for (size_t index = 0; goes_on && index < run->todo->count; index++) {
        wait_for(run, index);
        goes_on = take(run, index);
        note_taken(run, goes_on);
    }
}

static void run_here(const runner *run) {
    bool goes_on = true;
    for (size_t index = 0; goes_on && index < run->todo->count; index++) {
        do_work(run, index);
        goes_on = take(run, index);
    }
}

void parallel_run(diagnostics *sink, const parallel_work *todo) {
    pthread_t threads[PARALLEL_THREADS_MAX];
    size_t wanted = todo->thread_count < todo->count ? todo->thread_count : todo->count;
    size_t started = 0;
    runner run = {.sink = sink,
                  .todo = todo,
                  .messages = arena_allocate(sink->memory, todo->count, sizeof *run.messages),
                  .end = todo->count,
                  .window = todo->thread_count * PARALLEL_WAITING};
    pthread_mutex_init(&run.mutex, NULL);
    pthread_cond_init(&run.changed, NULL);
    while (wanted > 1 && started < wanted &&
           pthread_create(&threads[started], NULL, work_on, &run) == 0) {
        started++;
    }
    if (started == 0) {
        run_here(&run);
    } else {
        take_all(&run);
    }
    while (started > 0) {
        pthread_join(threads[--started], NULL);
    }
    for (size_t index = 0; index < todo->count; index++) {
        discard_messages(&run, index);
    }
    pthread_cond_destroy(&run.changed);
    pthread_mutex_destroy(&run.mutex);
}

size_t parallel_processors(void) {
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
        return 1; /* the system has more processors than the set holds */
    }
    size_t count = (size_t)CPU_COUNT(&allowed);
    return count < PARALLEL_THREADS_MAX ? count : PARALLEL_THREADS_MAX;
}
