/* Memory streams that run out of memory. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/exit_code.h"
#include "cli/base/memory_stream.h"
#include "cli/base/parallel.h"

static bool has_no_memory;

void *__wrap_realloc(void *memory, size_t bytes);
void *__real_realloc(void *memory, size_t bytes);

void *__wrap_realloc(void *memory, size_t bytes) {
    return has_no_memory ? NULL : __real_realloc(memory, bytes);
}

static void write_flushed(FILE *stream, char letter, size_t count) {
    for (size_t written = 0; written < count; written++) {
        fputc(letter, stream);
    }
    fflush(stream);
}

Test(cli_memory_stream, keeps_everything) {
    memory_stream stream;
    memory_stream_open(&stream);
    write_flushed(stream.stream, 'a', 1000);
    write_flushed(stream.stream, 'b', 100000);
    cr_assert(memory_stream_close(&stream), "it is short");
    cr_assert(stream.length == 101000, "%zu bytes", stream.length);
    cr_assert(stream.text[999] == 'a' && stream.text[1000] == 'b', "another text");
    cr_assert(stream.text[100999] == 'b', "another end");
    free(stream.text);
}

Test(cli_memory_stream, keeps_nothing_after_lost_output) {
    memory_stream stream;
    memory_stream_open(&stream);
    write_flushed(stream.stream, 'a', 1000);
    has_no_memory = true;
    write_flushed(stream.stream, 'b', 1000);
    has_no_memory = false;
    write_flushed(stream.stream, 'c', 10);
    cr_assert(!memory_stream_close(&stream), "nobody notices");
    cr_assert(stream.length == 1000 && stream.text[999] == 'a', "%zu bytes", stream.length);
    free(stream.text);
}

static void lose_messages(void *unused, size_t index, diagnostics *sink) {
    (void)unused, (void)index;
    has_no_memory = true;
    write_flushed(sink->stream, 'a', 2000);
}

static bool take(void *unused, size_t index) {
    (void)unused, (void)index;
    return true;
}

Test(cli_memory_stream, messages_that_are_lost_end_the_command, .exit_code = EXIT_CODE_BAD_INPUT) {
    diagnostics sink = {.stream = stderr, .memory = arena_create()};
    const parallel_work todo = {.count = 1, .thread_count = 1, .work = lose_messages, .take = take};
    parallel_run(&sink, &todo);
}
