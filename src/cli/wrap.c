#include "cli/wrap.h"

#include <string.h>

enum { LINE_COLUMNS = 80 };

void print_wrapped(FILE *stream, const char *text, size_t column, size_t indent) {
    const char *word = text;
    while (*word != '\0') {
        size_t length = strcspn(word, " ");
        if (word != text && column + 1 + length > LINE_COLUMNS) {
            fprintf(stream, "\n%*s", (int)indent, "");
            column = indent;
        } else if (word != text) {
            fputc(' ', stream);
            column++;
        }
        fprintf(stream, "%.*s", (int)length, word);
        column += length;
        word += length;
        word += strspn(word, " ");
    }
    fputc('\n', stream);
}
