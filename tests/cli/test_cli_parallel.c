/* Parallel work: results and messages are taken in order. */
#include <criterion/criterion.h>
#include <stdatomic.h>

#include "cli/base/parallel.h"

enum { ITEMS = 1000, THREADS = 3 };

typedef struct counted_work {
    atomic_size_t times_worked[ITEMS];
    size_t taken;
    size_t stop_at; /* the last index that is taken */
} counted_work;

static void work(void *self, size_t index, diagnostics *sink) {
    counted_work *counted = self;
    atomic_fetch_add(&counted->times_worked[index], 1);
    report(sink, "%zu", index);
}

static bool take(void *self, size_t index) {
    counted_work *counted = self;
    cr_assert_eq(index, counted->taken++);
    cr_assert_eq(atomic_load(&counted->times_worked[index]), 1);
    return index != counted->stop_at;
}

static void expect_messages(FILE *messages, size_t count) {
    rewind(messages);
    for (size_t index = 0; index < count; index++) {
        size_t found = 0;
        cr_assert_eq(fscanf(messages, "rein: %zu\n", &found), 1, "no message of %zu", index);
        cr_assert_eq(found, index);
    }
    cr_assert_eq(fgetc(messages), EOF, "more messages than %zu", count);
}

static counted_work run(size_t thread_count, size_t stop_at) {
    counted_work counted = {.stop_at = stop_at};
    diagnostics sink = {.stream = tmpfile(), .memory = arena_create()};
    parallel_run(&sink, &(parallel_work){.count = ITEMS,
                                         .thread_count = thread_count,
                                         .work = work,
                                         .take = take,
                                         .self = &counted});
    expect_messages(sink.stream, counted.taken);
    fclose(sink.stream);
    arena_destroy(sink.memory);
    return counted;
}

Test(cli_parallel, every_item_is_worked_on_once_and_taken_in_order) {
    for (size_t threads = 1; threads <= THREADS; threads++) {
        counted_work counted = run(threads, ITEMS);
        cr_assert_eq(counted.taken, ITEMS, "%zu threads", threads);
    }
}

Test(cli_parallel, after_a_refusal_nothing_is_taken_and_no_work_begins) {
    enum { LAST = 10 };
    for (size_t threads = 1; threads <= THREADS; threads++) {
        counted_work counted = run(threads, LAST);
        cr_assert_eq(counted.taken, LAST + 1, "%zu threads", threads);
        for (size_t index = 0; index < ITEMS; index++) {
            size_t times = atomic_load(&counted.times_worked[index]);
            bool may_have_begun = index < LAST + threads * PARALLEL_WAITING;
            cr_assert(times == 1 || (times == 0 && index > LAST), "item %zu: %zu", index, times);
            cr_assert(times == 0 || may_have_begun, "item %zu of %zu threads", index, threads);
        }
    }
}
