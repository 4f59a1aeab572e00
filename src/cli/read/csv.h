/* Values separated by commas, semicolons or tabs, in rows (RFC 4180).
 *
 * A value may be in double quotes: there, a quote is written twice, and separators, spaces and line
 * breaks belong to the value. Around a value, spaces are ignored, and tabs unless they separate. A
 * row ends with LF, CR LF or the text. The text is not copied. */
#ifndef REIN_CLI_READ_CSV_H
#define REIN_CLI_READ_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/base/diagnostics.h"

typedef struct csv_dialect {
    char separator;
    bool ends_plain[256]; /* bytes that end a value without quotes, or are wrong in it */
} csv_dialect;

typedef struct csv_cell {
    const char *at;   /* where the value begins in the text: at its quote, if it has one */
    const char *text; /* without the quotes around it; not terminated */
    size_t length;
    bool is_quoted; /* `text` has two quotes for each quote of the value */
} csv_cell;

/* Returns the dialect of a text by its first row: the first comma or semicolon outside quotes
 * separates, or else tabs do. */
csv_dialect csv_dialect_of(const char *text);

/* Takes the next value and moves `rest` to the separator or the end of the row after it. If quotes
 * are misplaced, returns the fault, as the end of a sentence about the value, and sets the cell's
 * `at` to the quote or to the text after it. Otherwise returns NULL. */
const char *csv_take_cell(const csv_dialect *dialect, const char **rest, csv_cell *out_cell);

/* Skips the separator at `rest`. Returns false at the end of a row. */
bool csv_skip_separator(const csv_dialect *dialect, const char **rest);

/* Returns whether only spaces and line ends, and tabs unless they separate, are left. */
bool csv_is_blank(const csv_dialect *dialect, const char *rest);

/* Writes the value, terminated, and returns its length. `out_value` must have room for one byte
 * more than the cell's length. */
size_t csv_cell_copy(const csv_cell *cell, char *out_value);

/* Returns a copy of the value. */
const char *csv_cell_text(arena *memory, const csv_cell *cell);

/* Returns the position of `at` in the text. */
position csv_position(const char *text, const char *at);

#endif
