/* Text wrapped at the width of the terminal, between words. */
#ifndef REIN_CLI_WRITE_WRAP_H
#define REIN_CLI_WRITE_WRAP_H

#include <stddef.h>
#include <stdio.h>

#include "cli/base/terminal.h"

/* Writes `text`, whose first word starts at `column`, and a line feed. A word that would pass
 * column 80, or the width of a narrower terminal, starts a new line, indented by `indent`. Longer
 * words are not broken. */
void print_wrapped(const terminal *shown_on, FILE *stream, const char *text, size_t column,
                   size_t indent);

/* Writes `text`, whose lines are terminated and contain only visible characters and styles
 * (terminal.h), in lines of at most `columns` columns, which must be above 0. Continuation lines
 * are indented more than their line. A word longer than a line is broken. */
void print_folded(FILE *stream, const char *text, size_t length, size_t columns);

#endif
