/* An option whose value is one of some words. */
#ifndef REIN_CLI_BASE_CHOICE_H
#define REIN_CLI_BASE_CHOICE_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"
#include "cli/base/suggest.h"

/* The index of `text` among `count` words. Reports a text that is none, with the nearest word or,
 * where none is near, all of them, and returns false. `option` is its name with the dashes. */
bool choose_word(diagnostics *sink, const char *option, const char *text, const void *words,
                 size_t count, word_at word, size_t *out_index);

#endif
