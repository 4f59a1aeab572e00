#include "cli/base/choice.h"

#include <string.h>

#include "cli/base/terminal.h"
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

static const char *const show_words[] = {
    [SHOW_AUTO] = "auto", [SHOW_ALWAYS] = "always", [SHOW_NEVER] = "never"};

static const char *show_word(const void *words, size_t index) {
    (void)words;
    return show_words[index];
}

static bool read_show(diagnostics *sink, const char *option, const char *text,
                      show_choice *out_chosen) {
    size_t chosen = SHOW_AUTO;
    if (text != NULL &&
        !choose_word(sink, option, text, NULL, sizeof show_words / sizeof show_words[0], show_word,
                     &chosen)) {
        return false;
    }
    *out_chosen = (show_choice)chosen;
    return true;
}

bool read_looks(diagnostics *sink, const char *color, const char *unicode) {
    show_choice colour = SHOW_AUTO;
    show_choice beyond_ascii = SHOW_AUTO;
    if (!read_show(sink, "--color", color, &colour) ||
        !read_show(sink, "--unicode", unicode, &beyond_ascii)) {
        return false;
    }
    terminal_choose_colour(colour);
    terminal_choose_unicode(beyond_ascii);
    return true;
}
