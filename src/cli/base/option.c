#include "cli/base/option.h"

#include <string.h>

#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "contract/units.h"

bool refuse_option(diagnostics *sink, const char *option, const rein_error *error) {
    report(sink, "option '--%s': %s", option, error_text(sink->memory, error));
    return false;
}

bool option_bytes(diagnostics *sink, const char *option, const char *text, uint64_t *out_bytes) {
    if (text == NULL) {
        return true;
    }
    rein_result_bytes parsed = rein_bytes_parse(text);
    if (rein_result_bytes_is_error(parsed)) {
        return refuse_option(sink, option, &REIN_ERROR(parsed));
    }
    *out_bytes = REIN_VALUE(parsed);
    return true;
}

bool option_duration(diagnostics *sink, const char *option, const char *text,
                     rein_duration *out_duration) {
    if (text == NULL) {
        return true;
    }
    rein_result_duration parsed = rein_duration_parse(text);
    if (rein_result_duration_is_error(parsed)) {
        return refuse_option(sink, option, &REIN_ERROR(parsed));
    }
    *out_duration = REIN_VALUE(parsed);
    return true;
}

bool option_number(diagnostics *sink, const char *option, const char *text, uint64_t *out_number) {
    if (text == NULL || parse_unsigned(text, UINT64_MAX, out_number)) {
        return true;
    }
    report(sink, "option '--%s': %s, expected a whole number from 0 to 2^64 - 1", option,
           text_quote(sink->memory, text));
    return false;
}

bool option_word(diagnostics *sink, const char *option, const char *text, const void *words,
                 size_t count, word_at word, size_t *out_index) {
    if (text == NULL) {
        return true;
    }
    for (size_t index = 0; index < count; index++) {
        if (strcmp(word(words, index), text) == 0) {
            *out_index = index;
            return true;
        }
    }
    report(sink, "--%s is %s%s", option, text_quote(sink->memory, text),
           suggest_or_list(sink->memory, text, words, count, word));
    return false;
}
