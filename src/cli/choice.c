#include "cli/choice.h"

#include <string.h>

#include "cli/terminal.h"
#include "cli/text.h"

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

static const char *const color_words[] = {
    [COLOUR_AUTO] = "auto", [COLOUR_ALWAYS] = "always", [COLOUR_NEVER] = "never"};

static const char *color_word(const void *words, size_t index) {
    (void)words;
    return color_words[index];
}

bool read_color(diagnostics *sink, const char *text) {
    size_t chosen = COLOUR_AUTO;
    if (text != NULL &&
        !choose_word(sink, "--color", text, NULL, sizeof color_words / sizeof color_words[0],
                     color_word, &chosen)) {
        return false;
    }
    terminal_choose_colour((colour_choice)chosen);
    return true;
}
