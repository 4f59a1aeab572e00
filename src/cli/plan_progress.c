#include "cli/plan_progress.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli/numbers_text.h"
#include "cli/terminal.h"
#include "cli/text.h"

enum { FIRST_LINE_MS = 500, NEXT_LINE_MS = 100, NS_PER_MS = 1000000 };

static const char wipe[] = "\r\033[K";

static rein_timestamp in_ms(int64_t ms) {
    return rein_timestamp_add_saturating(rein_clock_now(rein_clock_system()),
                                         rein_duration_from_ns(ms * NS_PER_MS));
}

void plan_progress_begin(plan_progress *progress, size_t file_count) {
    *progress = (plan_progress){.is_shown = terminal_of_standard_error().can_rewrite,
                                .file_count = file_count,
                                .next = in_ms(FIRST_LINE_MS)};
    pthread_mutex_init(&progress->mutex, NULL);
}

static const char *search_text(arena *memory, const char *path,
                               const rein_plan_progress *searched) {
    /* cppcheck-suppress ctunullpointer ; a path that is NULL has no search */
    const char *name = strrchr(path, '/');
    name = name == NULL ? path : name + 1;
    return arena_print(memory, "%s: %" PRIu64 " steps, best %s, bound %s",
                       text_printable(memory, name, strlen(name)), searched->steps,
                       rounded_bytes(memory, searched->height_bytes),
                       rounded_bytes(memory, searched->lower_bound_bytes));
}

/* `planned 3 of 12; hard.csv: 40960 steps, best 17.0 MiB, bound 16.0 MiB` */
static const char *line_text(arena *memory, const plan_progress *progress, const char *path,
                             const rein_plan_progress *searched) {
    const char *search = searched == NULL ? "" : search_text(memory, path, searched);
    return progress->file_count == 1
               ? search
               : arena_print(memory, "planned %zu of %zu%s%s", progress->done_count,
                             progress->file_count, *search == '\0' ? "" : "; ", search);
}

static void write_to_terminal(const char *text) {
    (void)!write(STDERR_FILENO, text, strlen(text));
}

/* Where it is time for it; the mutex is held. */
static void write_line(plan_progress *progress, const char *path,
                       const rein_plan_progress *searched) {
    enum { COLUMNS_LEAST = 5 };
    if (!progress->is_shown ||
        rein_timestamp_compare(rein_clock_now(rein_clock_system()), progress->next) < 0) {
        return;
    }
    terminal shown_on = terminal_of_standard_error();
    arena *memory = arena_create();
    const char *text = line_text(memory, progress, path, searched);
    if (shown_on.columns >= COLUMNS_LEAST) {
        text = text_shorten(memory, text, shown_on.columns - 1, shown_on.glyphs->ellipsis);
    }
    write_to_terminal(arena_print(memory, "%s%s", wipe, text));
    arena_destroy(memory);
    progress->has_line = true;
    progress->next = in_ms(NEXT_LINE_MS);
}

void plan_progress_report(plan_progress *progress, const char *path,
                          const rein_plan_progress *searched) {
    pthread_mutex_lock(&progress->mutex);
    write_line(progress, path, searched);
    pthread_mutex_unlock(&progress->mutex);
}

void plan_progress_count(plan_progress *progress) {
    pthread_mutex_lock(&progress->mutex);
    progress->done_count++;
    write_line(progress, NULL, NULL);
    pthread_mutex_unlock(&progress->mutex);
}

void plan_progress_wipe(plan_progress *progress) {
    pthread_mutex_lock(&progress->mutex);
    if (progress->has_line) {
        write_to_terminal(wipe);
        progress->has_line = false;
    }
    pthread_mutex_unlock(&progress->mutex);
}

void plan_progress_end(plan_progress *progress) {
    plan_progress_wipe(progress);
    pthread_mutex_destroy(&progress->mutex);
}
