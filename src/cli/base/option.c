#include "cli/base/option.h"

#include <string.h>

#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "contract/units.h"

bool refuse_option(diagnostics *sink, const char *option, const rein_error *error) {
    report(sink, "option '--%s': %s", option, error_text(sink->memory, error));
    return false;
}

bool refuse_both(diagnostics *sink, const char *first, const char *second, const char *why) {
    report(sink, "options %s and %s cannot be combined%s%s; leave out one of them", first, second,
           why == NULL ? "" : ": ", why == NULL ? "" : why);
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

bool option_number(diagnostics *sink, const char *option, const char *text, uint64_t least,
                   uint64_t largest, uint64_t *out_number) {
    uint64_t number = 0;
    if (text == NULL) {
        return true;
    }
    if (!parse_unsigned(text, largest, &number) || number < least) {
        report(sink, "option '--%s': %s is not %s", option, text_quote(sink->memory, text),
               number_range(sink->memory, least, largest));
        return false;
    }
    *out_number = number;
    return true;
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
    report(sink, "option '--%s': unknown value %s%s", option, text_quote(sink->memory, text),
           suggest_or_list(sink->memory, text, words, count, word));
    return false;
}
