/* Messages about the user's input, on standard error.
 *
 * A message is one line: what is wrong, what was found, and after a semicolon what to do. If the
 * position in a file is known, it begins with `file:line:column: `. Lines and columns count from 1;
 * a column is a character. */
#ifndef REIN_CLI_BASE_DIAGNOSTICS_H
#define REIN_CLI_BASE_DIAGNOSTICS_H

#include <stdio.h>

#include "cli/base/arena.h"
#include "contract/error.h"

typedef struct diagnostics {
    FILE *stream;
    arena *memory; /* for the texts of messages */
    /* Errors reported so far. After the first 20, errors are counted but not shown. */
    size_t error_count;
} diagnostics;

typedef struct position {
    size_t line;
    size_t column;
} position;

/* Prints "rein: " and the message. */
__attribute__((format(printf, 2, 3))) void report(diagnostics *sink, const char *format, ...);

/* Prints "file: " and the message. */
__attribute__((format(printf, 3, 4))) void report_in_file(diagnostics *sink, const char *file,
                                                          const char *format, ...);

/* Reports that the file cannot be read or written ("read", "write"), and why: `failure` is an
 * errno. */
void report_failure(diagnostics *sink, const char *file, const char *call, int failure);

/* Reports that `product`, which rein made from the file, failed its check, and the fault. */
void report_defect(diagnostics *sink, const char *file, const char *product, const char *fault);

/* Prints "file:line:column: " and the message. */
__attribute__((format(printf, 4, 5))) void report_at(diagnostics *sink, const char *file,
                                                     position at, const char *format, ...);

/* Prints "file: " and the message, and does not count it as an error. */
__attribute__((format(printf, 3, 4))) void note_in_file(diagnostics *sink, const char *file,
                                                        const char *format, ...);

/* Prints "file:line:column: " and the message, which explains the error reported before it. */
__attribute__((format(printf, 4, 5))) void note_at(diagnostics *sink, const char *file, position at,
                                                   const char *format, ...);

/* Returns the message of a library error, for use as an argument of the functions above. */
const char *error_text(arena *memory, const rein_error *error);

#endif
