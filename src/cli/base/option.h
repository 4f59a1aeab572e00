/* Values of options. Each function takes the option's name without dashes, for its messages, and
 * the value. If the value is NULL (the option was not given), the output is unchanged. If it is not
 * valid, the function reports that and returns false. */
#ifndef REIN_CLI_BASE_OPTION_H
#define REIN_CLI_BASE_OPTION_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"
#include "cli/base/suggest.h"
#include "contract/clock.h"

/* Reads a size with its unit. */
bool option_bytes(diagnostics *sink, const char *option, const char *text, uint64_t *out_bytes);

/* Reads a time with its unit. */
bool option_duration(diagnostics *sink, const char *option, const char *text,
                     rein_duration *out_duration);

/* Reads a whole number from `least` to `largest`. */
bool option_number(diagnostics *sink, const char *option, const char *text, uint64_t least,
                   uint64_t largest, uint64_t *out_number);

/* Reads one of `count` words and sets its index. If the value is not one of them, the message names
 * the nearest word, or all of them if none is near. */
bool option_word(diagnostics *sink, const char *option, const char *text, const void *words,
                 size_t count, word_at word, size_t *out_index);

/* Reports why the library refuses the option's value; returns false. */
bool refuse_option(diagnostics *sink, const char *option, const rein_error *error);

/* Reports options, such as "--json" and "--format junit", that exclude each other; returns false.
 * `why` may be NULL. */
bool refuse_both(diagnostics *sink, const char *first, const char *second, const char *why);

#endif
