/* "Did you mean": the known word nearest to a misspelt one. */
#ifndef REIN_CLI_BASE_SUGGEST_H
#define REIN_CLI_BASE_SUGGEST_H

#include <stddef.h>

#include "cli/base/arena.h"

/* The word at `index` of whatever `words` is. */
typedef const char *(*word_at)(const void *words, size_t index);

/* ", did you mean 'WORD'?" for the nearest of `count` words that is near enough, else "". `prefix`
 * stands before the word, such as "--". A word of more than 40 bytes is never near. */
const char *suggest(arena *memory, const char *misspelt, const char *prefix, const void *words,
                    size_t count, word_at word);

/* The same if a word is near enough, else ", expected one of: a, b, c". */
const char *suggest_or_list(arena *memory, const char *misspelt, const void *words, size_t count,
                            word_at word);

/* "a, b, c": the words in their order. */
const char *list_words(arena *memory, const void *words, size_t count, word_at word);

#endif
