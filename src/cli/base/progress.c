#include "cli/base/progress.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "cli/base/terminal.h"
#include "cli/base/text.h"
#include "contract/clock.h"

enum { FIRST_LINE_MS = 500, NEXT_LINE_MS = 100 };

static const char wipe[] = "\r\033[K";

/* Global because the process has a single standard error. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* guards the variables below */
static bool has_line;
static rein_timestamp next = {INT64_MAX}; /* time of the next update */

static rein_timestamp in_ms(int64_t ms) {
    return rein_timestamp_add_saturating(rein_clock_now(rein_clock_system()),
                                         rein_duration_from_ns(ms * REIN_NS_PER_MS));
}

static void write_to_terminal(const char *text) {
    (void)!write(STDERR_FILENO, text, strlen(text));
}

/* The mutex must be held. */
static void wipe_line(void) {
    if (has_line) {
        write_to_terminal(wipe);
        has_line = false;
    }
}

/* Writes one line and leaves the last column of the terminal free. The mutex must be held. */
static void write_line(progress_text text, const void *self) {
    enum { COLUMNS_LEAST = 5 };
    terminal shown_on = terminal_of_standard_error();
    if (!shown_on.can_rewrite) {
        next = rein_timestamp_never();
        return;
    }
    arena *memory = arena_create();
    const char *line = text(memory, self);
    line = text_printable(memory, line);
    if (shown_on.columns >= COLUMNS_LEAST) {
        line = text_shorten(memory, line, shown_on.columns - 1, shown_on.glyphs->ellipsis);
    }
    write_to_terminal(arena_print(memory, "%s%s", wipe, line));
    arena_destroy(memory);
    has_line = true;
    next = in_ms(NEXT_LINE_MS);
}

void progress_begin(void) {
    pthread_mutex_lock(&mutex);
    next = in_ms(FIRST_LINE_MS);
    pthread_mutex_unlock(&mutex);
}

void progress_report(progress_text text, const void *self) {
    pthread_mutex_lock(&mutex);
    if (rein_timestamp_compare(rein_clock_now(rein_clock_system()), next) >= 0) {
        write_line(text, self);
    }
    pthread_mutex_unlock(&mutex);
}

void progress_pause(void) {
    pthread_mutex_lock(&mutex);
    wipe_line();
}

void progress_resume(void) {
    pthread_mutex_unlock(&mutex);
}

void progress_end(void) {
    progress_pause();
    next = rein_timestamp_never();
    progress_resume();
}
