/* The progress line on a terminal of unknown width, at times set by the test. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/base/progress.h"
#include "cli/fleet/plan_progress.h"
#include "contract/units.h"
#include "mocks/virtual_clock.h"

static virtual_clock virtual_time;
static rein_clock clock_view;

/* Replace the system clock, and isatty, because standard error is a pipe here. */
const rein_clock *__wrap_rein_clock_system(void);
int __wrap_isatty(int file);

const rein_clock *__wrap_rein_clock_system(void) {
    return &clock_view;
}

int __wrap_isatty(int file) {
    (void)file;
    return 1;
}

static void pass_ms(int64_t ms) {
    rein_duration span = rein_duration_from_ns(ms * REIN_NS_PER_MS);
    cr_assert(rein_result_timestamp_is_ok(virtual_clock_advance(&virtual_time, span)));
}

static int shown_end;

static void set_up(void) {
    int ends[2];
    cr_assert(pipe(ends) == 0 && dup2(ends[1], STDERR_FILENO) >= 0, "no pipe");
    shown_end = ends[0];
    cr_assert(setenv("TERM", "xterm", 1) == 0);
    virtual_clock_init(&virtual_time, rein_timestamp_from_ns(0));
    clock_view = virtual_clock_view(&virtual_time);
    progress_begin();
}

/* Returns the content of standard error. Writes a line feed, so that the read does not block. */
static const char *shown(void) {
    static char text[256];
    progress_end();
    cr_assert(write(STDERR_FILENO, "\n", 1) == 1);
    ssize_t length = read(shown_end, text, sizeof text - 1);
    cr_assert(length > 0);
    text[length - 1] = '\0';
    return text;
}

static void expect_shown(const char *expected) {
    const char *text = shown();
    cr_assert(strcmp(text, expected) == 0, "'%s', expected '%s'", text, expected);
}

TestSuite(cli_progress, .init = set_up);

Test(cli_progress, files_are_counted_if_no_search_reports) {
    plan_progress planned = {.file_count = 3};
    pass_ms(500);
    plan_progress_count(&planned);
    pass_ms(100);
    plan_progress_count(&planned);
    expect_shown("\r\033[Kplanned 1 of 3\r\033[Kplanned 2 of 3\r\033[K");
}

static void report_search(const rein_plan_progress *searched) {
    const plan_progress alone = {.file_count = 1};
    pass_ms(500);
    plan_progress_report(&alone, "nets/hard.csv", searched);
}

Test(cli_progress, a_search_reports_its_steps_and_its_best_height) {
    const rein_plan_progress searched = {
        .steps = 40960, .height_bytes = 17 * REIN_MIB, .lower_bound_bytes = 16 * REIN_MIB};
    report_search(&searched);
    expect_shown("\r\033[Khard.csv: 40960 steps, best 17.0 MiB, bound 16.0 MiB\r\033[K");
}

Test(cli_progress, a_heuristic_reports_what_it_has_placed) {
    const rein_plan_progress searched = {
        .placed_count = 64, .height_bytes = UINT64_MAX, .lower_bound_bytes = REIN_MIB};
    report_search(&searched);
    expect_shown("\r\033[Khard.csv: 64 tensors placed, bound 1.0 MiB\r\033[K");
}

Test(cli_progress, nothing_is_shown_before_half_a_second) {
    plan_progress planned = {.file_count = 3};
    pass_ms(499);
    plan_progress_count(&planned);
    expect_shown("");
}

Test(cli_progress, a_line_stands_for_a_tenth_of_a_second) {
    plan_progress planned = {.file_count = 3};
    pass_ms(500);
    plan_progress_count(&planned);
    pass_ms(99);
    plan_progress_count(&planned);
    expect_shown("\r\033[Kplanned 1 of 3\r\033[K");
}

Test(cli_progress, there_is_no_line_while_something_else_is_written) {
    plan_progress planned = {.file_count = 3};
    pass_ms(500);
    plan_progress_count(&planned);
    progress_pause();
    cr_assert(write(STDERR_FILENO, "note", 4) == 4);
    progress_resume();
    expect_shown("\r\033[Kplanned 1 of 3\r\033[Knote");
}
