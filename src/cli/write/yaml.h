/* Texts in YAML. */
#ifndef REIN_CLI_WRITE_YAML_H
#define REIN_CLI_WRITE_YAML_H

#include <stdio.h>

/* Writes the text as a scalar in single quotes. */
void yaml_write_text(FILE *stream, const char *text);

#endif
