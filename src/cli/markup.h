/* Text inside XML: SVG pictures and JUnit reports. */
#ifndef REIN_CLI_MARKUP_H
#define REIN_CLI_MARKUP_H

#include <stdio.h>

/* Writes UTF-8 text without control characters so that it stands for itself between tags and in
 * attributes. */
void markup_print(FILE *stream, const char *text);

#endif
