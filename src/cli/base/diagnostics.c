#include "cli/base/diagnostics.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "cli/base/path.h"
#include "cli/base/progress.h"
#include "cli/base/text.h"

enum { SHOWN_ERRORS_MAX = 20 };

static bool counts_as_shown(diagnostics *sink) {
    sink->error_count++;
    if (sink->error_count == SHOWN_ERRORS_MAX + 1) {
        progress_pause();
        fputs("rein: more errors follow\n", sink->stream);
        progress_resume();
    }
    return sink->error_count <= SHOWN_ERRORS_MAX;
}

static void print_message(diagnostics *sink, const char *file, const position *at,
                          const char *message) {
    progress_pause();
    fputs(path_is_standard(file) ? "standard input" : text_printable(sink->memory, file),
          sink->stream);
    if (at != NULL) {
        fprintf(sink->stream, ":%zu:%zu", at->line, at->column);
    }
    fprintf(sink->stream, ": %s\n", text_printable(sink->memory, message));
    progress_resume();
}

/* `at` may be NULL. */
__attribute__((format(printf, 4, 0))) static void print_error(diagnostics *sink, const char *file,
                                                              const position *at,
                                                              const char *format,
                                                              va_list arguments) {
    if (counts_as_shown(sink)) {
        print_message(sink, file, at, arena_print_list(sink->memory, format, arguments));
    }
}

void report(diagnostics *sink, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print_error(sink, "rein", NULL, format, arguments);
    va_end(arguments);
}

void report_in_file(diagnostics *sink, const char *file, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print_error(sink, file, NULL, format, arguments);
    va_end(arguments);
}

void report_failure(diagnostics *sink, const char *file, const char *call, int failure) {
    report_in_file(sink, file, "cannot %s: %s", call, strerror(failure));
}

void report_defect(diagnostics *sink, const char *file, const char *product, const char *fault) {
    report_in_file(sink, file,
                   "%s did not pass its check (%s): a defect of rein, please report it with this "
                   "file",
                   product, fault);
}

void report_at(diagnostics *sink, const char *file, position at, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print_error(sink, file, &at, format, arguments);
    va_end(arguments);
}

void note_in_file(diagnostics *sink, const char *file, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print_message(sink, file, NULL, arena_print_list(sink->memory, format, arguments));
    va_end(arguments);
}

void note_at(diagnostics *sink, const char *file, position at, const char *format, ...) {
    if (sink->error_count > SHOWN_ERRORS_MAX) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    print_message(sink, file, &at, arena_print_list(sink->memory, format, arguments));
    va_end(arguments);
}

const char *error_text(arena *memory, const rein_error *error) {
    size_t length = rein_error_message(error, NULL, 0);
    char *text = arena_allocate(memory, length + 1, 1);
    rein_error_message(error, text, length + 1);
    return text;
}
