/* Text inside XML: SVG pictures and JUnit reports. */
#ifndef REIN_CLI_WRITE_MARKUP_H
#define REIN_CLI_WRITE_MARKUP_H

#include <stdio.h>

/* Writes any text so that it stands for itself between tags and in attributes; what cannot be seen
 * or is not UTF-8 as an escape (text_show). */
void markup_print(FILE *stream, const char *text);

#endif
