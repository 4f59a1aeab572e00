/* Text in formats with special characters. */
#ifndef REIN_CLI_WRITE_ESCAPE_H
#define REIN_CLI_WRITE_ESCAPE_H

#include <stdio.h>

typedef struct escape {
    char character;
    const char *written; /* the replacement; NULL: end of the list */
} escape;

/* Writes any text, each character as text_show writes it. If the first byte of that is one of
 * `escapes`, writes its replacement instead of the byte. */
void print_escaped(FILE *stream, const char *text, const escape *escapes);

/* As print_escaped, for text and attributes of XML: SVG pictures and JUnit reports. */
void print_markup(FILE *stream, const char *text);

#endif
