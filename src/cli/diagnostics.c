#include "cli/diagnostics.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "cli/text.h"

enum { SHOWN_ERRORS_MAX = 20 };

static bool counts_as_shown(diagnostics *sink) {
    sink->error_count++;
    if (sink->error_count == SHOWN_ERRORS_MAX + 1) {
        fputs("rein: more errors follow\n", sink->stream);
    }
    return sink->error_count <= SHOWN_ERRORS_MAX;
}

static void print_file(diagnostics *sink, const char *file) {
    fputs(text_printable(sink->memory, file, strlen(file)), sink->stream);
}

__attribute__((format(printf, 2, 0))) static void print_line(diagnostics *sink, const char *format,
                                                             va_list arguments) {
    vfprintf(sink->stream, format, arguments);
    fputc('\n', sink->stream);
}

void report(diagnostics *sink, const char *format, ...) {
    if (!counts_as_shown(sink)) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    fputs("rein: ", sink->stream);
    print_line(sink, format, arguments);
    va_end(arguments);
}

void report_in_file(diagnostics *sink, const char *file, const char *format, ...) {
    if (!counts_as_shown(sink)) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    print_file(sink, file);
    fputs(": ", sink->stream);
    print_line(sink, format, arguments);
    va_end(arguments);
}

void report_at(diagnostics *sink, const char *file, position at, const char *format, ...) {
    if (!counts_as_shown(sink)) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    print_file(sink, file);
    fprintf(sink->stream, ":%zu:%zu: ", at.line, at.column);
    print_line(sink, format, arguments);
    va_end(arguments);
}

const char *error_text(arena *memory, const rein_error *error) {
    size_t length = rein_error_message(error, NULL, 0);
    char *text = arena_allocate(memory, length + 1, 1);
    rein_error_message(error, text, length + 1);
    return text;
}
