#include "cli/write/escape.h"

#include <stdbool.h>
#include <string.h>

#include "cli/base/text.h"

void print_escaped(FILE *stream, const char *text, const escape *escapes) {
    char shown[TEXT_SHOWN_CAPACITY];
    for (size_t rest = strlen(text); rest > 0;) {
        size_t size = text_show(text, rest, shown);
        const escape *known = escapes;
        while (known->written != NULL && known->character != *shown) {
            known++;
        }
        bool is_escaped = known->written != NULL;
        fprintf(stream, "%s%s", is_escaped ? known->written : "", shown + is_escaped);
        text += size;
        rest -= size;
    }
}

void print_markup(FILE *stream, const char *text) {
    static const escape escapes[] = {
        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {0, NULL}};
    print_escaped(stream, text, escapes);
}
