#include "cli/write/yaml.h"

void yaml_write_text(FILE *stream, const char *text) {
    fputc('\'', stream);
    for (; *text != '\0'; text++) {
        fprintf(stream, *text == '\'' ? "''" : "%c", *text);
    }
    fputc('\'', stream);
}
