/* Sentences in lines of a terminal's width. */
#ifndef REIN_CLI_WRITE_WRAP_H
#define REIN_CLI_WRITE_WRAP_H

#include <stddef.h>
#include <stdio.h>

#include "cli/base/terminal.h"

/* Writes `text`, whose first word starts at `column`, and a line feed. What would go beyond column
 * 80, or beyond a narrower terminal, goes to a new line that is indented by `indent`; a word that
 * is longer still stands whole. */
void print_wrapped(const terminal *shown_on, FILE *stream, const char *text, size_t column,
                   size_t indent);

#endif
