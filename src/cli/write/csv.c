#include "cli/write/csv.h"

#include <stdbool.h>
#include <string.h>

/* Returns whether a value must be in quotes. Spaces around it would be ignored otherwise. */
static bool needs_quotes(const char *value) {
    size_t length = strlen(value);
    char last = value[length - (length > 0)];
    return strpbrk(value, ",\"") != NULL || value[0] == ' ' || last == ' ';
}

void csv_print_value(FILE *stream, const char *value) {
    if (!needs_quotes(value)) {
        fputs(value, stream);
        return;
    }
    fputc('"', stream);
    for (; *value != '\0'; value++) {
        if (*value == '"') {
            fputc('"', stream);
        }
        fputc(*value, stream);
    }
    fputc('"', stream);
}
