/* Lines that are wider than a terminal, broken between words: a terminal would break them within.
 */
#ifndef REIN_CLI_WRITE_FOLD_H
#define REIN_CLI_WRITE_FOLD_H

#include <stddef.h>
#include <stdio.h>

/* Writes the lines of `text`, which are ended and of visible characters and styles (terminal.h), in
 * lines of at most `columns` columns, which is above 0. What is broken off is indented a little
 * more than its line; a word that no line has room for is broken too. */
void fold_print(FILE *stream, const char *text, size_t length, size_t columns);

#endif
