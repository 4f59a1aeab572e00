/* Text in lines that a terminal has room for, broken between words. */
#ifndef REIN_CLI_WRITE_WRAP_H
#define REIN_CLI_WRITE_WRAP_H

#include <stddef.h>
#include <stdio.h>

#include "cli/base/terminal.h"

/* Writes `text`, whose first word starts at `column`, and a line feed. A word that would go beyond
 * column 80, or beyond a narrower terminal, goes to a new line that is indented by `indent`; a word
 * that is longer still stands whole. */
void print_wrapped(const terminal *shown_on, FILE *stream, const char *text, size_t column,
                   size_t indent);

/* Writes the lines of `text`, which are ended and of visible characters and styles (terminal.h), in
 * lines of at most `columns` columns, which is above 0. A part that is broken off is indented a
 * little more than its line; a word that no line has room for is broken too. */
void print_folded(FILE *stream, const char *text, size_t length, size_t columns);

#endif
