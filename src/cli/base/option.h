/* Values of options. Each reader takes the option's name without the dashes for its messages, and
 * the value, NULL if the option was not given: the output is then unchanged. It reports a value
 * that it cannot read and returns false. */
#ifndef REIN_CLI_BASE_OPTION_H
#define REIN_CLI_BASE_OPTION_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"
#include "cli/base/suggest.h"
#include "contract/clock.h"

/* A size with its unit. */
bool option_bytes(diagnostics *sink, const char *option, const char *text, uint64_t *out_bytes);

/* A time with its unit. */
bool option_duration(diagnostics *sink, const char *option, const char *text,
                     rein_duration *out_duration);

/* A whole number from 0 to 2^64 - 1. */
bool option_number(diagnostics *sink, const char *option, const char *text, uint64_t *out_number);

/* The index of one of `count` words. If it is none of them, the message names the nearest word or,
 * if none is near, all of them. */
bool option_word(diagnostics *sink, const char *option, const char *text, const void *words,
                 size_t count, word_at word, size_t *out_index);

/* Reports why the library refuses the option's value; returns false. */
bool refuse_option(diagnostics *sink, const char *option, const rein_error *error);

#endif
