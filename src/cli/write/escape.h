/* Text inside a format in which some characters mean something else. */
#ifndef REIN_CLI_WRITE_ESCAPE_H
#define REIN_CLI_WRITE_ESCAPE_H

#include <stdio.h>

typedef struct escape {
    char character;
    const char *written; /* in its place; NULL: the end of a list of escapes */
} escape;

/* Writes any text, each character as text_show writes it. The first byte of that is replaced if it
 * is one of `escapes`. */
void print_escaped(FILE *stream, const char *text, const escape *escapes);

/* The same for text between tags and in attributes of XML: SVG pictures and JUnit reports. */
void print_markup(FILE *stream, const char *text);

#endif
