/* Messages about the user's input, on standard error.
 *
 * If a place in a file is known: `file:line:column: what, and what was expected`. Lines and
 * columns count from 1; a column is a character. */
#ifndef REIN_CLI_BASE_DIAGNOSTICS_H
#define REIN_CLI_BASE_DIAGNOSTICS_H

#include <stdio.h>

#include "cli/base/arena.h"
#include "contract/error.h"

typedef struct diagnostics {
    FILE *stream;
    arena *memory;      /* for the texts of messages */
    size_t error_count; /* reported so far; the later ones are counted, not shown, above a bound */
} diagnostics;

typedef struct position {
    size_t line;
    size_t column;
} position;

/* "rein: " and the message. */
__attribute__((format(printf, 2, 3))) void report(diagnostics *sink, const char *format, ...);

/* "file: " and the message. */
__attribute__((format(printf, 3, 4))) void report_in_file(diagnostics *sink, const char *file,
                                                          const char *format, ...);

/* "file:line:column: " and the message. */
__attribute__((format(printf, 4, 5))) void report_at(diagnostics *sink, const char *file,
                                                     position at, const char *format, ...);

/* "file: " and the message, which is not about an error. */
__attribute__((format(printf, 3, 4))) void note_in_file(diagnostics *sink, const char *file,
                                                        const char *format, ...);

/* "file:line:column: " and the message: what led to the error that was reported before. */
__attribute__((format(printf, 4, 5))) void note_at(diagnostics *sink, const char *file, position at,
                                                   const char *format, ...);

/* The message of a library error, for the arguments of the functions above. */
const char *error_text(arena *memory, const rein_error *error);

#endif
