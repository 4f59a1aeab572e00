/* "Did you mean": the known word nearest to a misspelt word. */
#ifndef REIN_CLI_BASE_SUGGEST_H
#define REIN_CLI_BASE_SUGGEST_H

#include <stddef.h>

#include "cli/base/arena.h"

/* Returns the word at `index` of `words`. */
typedef const char *(*word_at)(const void *words, size_t index);

/* Returns "; did you mean 'PREFIXWORD'?", the end of a message about a misspelt word. */
const char *did_you_mean(arena *memory, const char *prefix, const char *word);

/* Returns did_you_mean with the nearest of `count` words, or "" if none is near enough. A word of
 * more than 40 bytes is never near. */
const char *suggest(arena *memory, const char *misspelt, const char *prefix, const void *words,
                    size_t count, word_at word);

/* As suggest without a prefix; if no word is near enough, returns "; use one of: a, b, c". */
const char *suggest_or_list(arena *memory, const char *misspelt, const void *words, size_t count,
                            word_at word);

/* Returns the words in their order, with `last`, such as " and ", before the last: "a, b and c". */
const char *list_words(arena *memory, const char *last, const void *words, size_t count,
                       word_at word);

#endif
