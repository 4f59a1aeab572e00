#include "cli/base/choice.h"

#include <string.h>

#include "cli/base/text.h"

bool choose_word(diagnostics *sink, const char *option, const char *text, const void *words,
                 size_t count, word_at word, size_t *out_index) {
    for (size_t index = 0; index < count; index++) {
        if (strcmp(word(words, index), text) == 0) {
            *out_index = index;
            return true;
        }
    }
    const char *meant = suggest(sink->memory, text, "", words, count, word);
    const char *known = list_words(sink->memory, words, count, word);
    report(sink, "%s is %s%s%s%s", option, text_quote(sink->memory, text), meant,
           *meant == '\0' ? ", expected one of: " : "", *meant == '\0' ? known : "");
    return false;
}
