#include "cli/write/wrap.h"

#include <string.h>

enum { LINE_COLUMNS = 80 };

void print_wrapped(const terminal *shown_on, FILE *stream, const char *text, size_t column,
                   size_t indent) {
    bool is_narrow = shown_on->columns > 0 && shown_on->columns < LINE_COLUMNS;
    size_t columns = is_narrow ? shown_on->columns : LINE_COLUMNS;
    const char *word = text;
    while (*word != '\0') {
        size_t length = strcspn(word, " ");
        if (word != text && column + 1 + length > columns) {
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
