#include "cli/colour_option.h"

#include <string.h>

#include "cli/suggest.h"
#include "cli/text.h"

static const char *choice_name(const void *unused, size_t index) {
    static const char *const names[COLOUR_CHOICE_COUNT] = {
        [COLOUR_AUTO] = "auto", [COLOUR_ALWAYS] = "always", [COLOUR_NEVER] = "never"};
    (void)unused;
    return names[index];
}

bool read_colour(diagnostics *sink, const char *text) {
    for (size_t index = 0; text != NULL && index < COLOUR_CHOICE_COUNT; index++) {
        if (strcmp(choice_name(NULL, index), text) == 0) {
            sink->colour = (colour_choice)index;
            return true;
        }
    }
    if (text != NULL) {
        report(sink, "--color is %s%s, expected one of: %s", text_quote(sink->memory, text),
               suggest(sink->memory, text, "", NULL, COLOUR_CHOICE_COUNT, choice_name),
               list_words(sink->memory, NULL, COLOUR_CHOICE_COUNT, choice_name));
    }
    return text == NULL;
}
