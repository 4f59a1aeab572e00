#include "cli/write/markup.h"

#include <string.h>

#include "cli/base/text.h"

void markup_print(FILE *stream, const char *text) {
    char shown[TEXT_SHOWN_CAPACITY];
    for (size_t rest = strlen(text); rest > 0;) {
        size_t size = text_show(text, rest, shown);
        text += size;
        rest -= size;
        switch (*shown) {
        case '&':
            fputs("&amp;", stream);
            break;
        case '<':
            fputs("&lt;", stream);
            break;
        case '>':
            fputs("&gt;", stream);
            break;
        case '"':
            fputs("&quot;", stream);
            break;
        default:
            fputs(shown, stream);
        }
    }
}
