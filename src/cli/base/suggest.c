#include "cli/base/suggest.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { WORD_BYTES_MAX = 40 };

static size_t smallest(size_t first, size_t second, size_t third) {
    size_t least = first < second ? first : second;
    return least < third ? least : third;
}

/* Returns the number of insertions, deletions, replacements and swaps of neighbours that turn one
 * word into the other (optimal string alignment). Each word has at most WORD_BYTES_MAX bytes. */
static size_t edit_distance(const char *left, const char *right) {
    size_t left_length = strlen(left);
    size_t right_length = strlen(right);
    size_t cost[WORD_BYTES_MAX + 1][WORD_BYTES_MAX + 1];
    for (size_t i = 0; i <= left_length; i++) {
        for (size_t j = 0; j <= right_length; j++) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            size_t replace = cost[i - 1][j - 1] + (left[i - 1] != right[j - 1]);
            cost[i][j] = smallest(cost[i - 1][j] + 1, cost[i][j - 1] + 1, replace);
            bool is_swap =
                i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
            if (is_swap && cost[i - 2][j - 2] + 1 < cost[i][j]) {
                cost[i][j] = cost[i - 2][j - 2] + 1;
            }
        }
    }
    return cost[left_length][right_length];
}

const char *did_you_mean(arena *memory, const char *prefix, const char *word) {
    return arena_print(memory, "; did you mean '%s%s'?", prefix, word);
}

const char *suggest(arena *memory, const char *misspelt, const char *prefix, const void *words,
                    size_t count, word_at word) {
    size_t length = strlen(misspelt);
    if (length > WORD_BYTES_MAX) {
        return "";
    }
    size_t least = 1 + length / 3; /* one edit, plus one for every three letters */
    const char *nearest = NULL;
    for (size_t index = 0; index < count; index++) {
        const char *known = word(words, index);
        size_t known_length = strlen(known);
        size_t distance = known_length > WORD_BYTES_MAX ? SIZE_MAX : edit_distance(misspelt, known);
        if (distance <= least && distance < known_length && (nearest == NULL || distance < least)) {
            least = distance;
            nearest = known;
        }
    }
    return nearest == NULL ? "" : did_you_mean(memory, prefix, nearest);
}

const char *list_words(arena *memory, const char *last, const void *words, size_t count,
                       word_at word) {
    const char *list = word(words, 0);
    for (size_t index = 1; index < count; index++) {
        list = arena_print(memory, "%s%s%s", list, index + 1 == count ? last : ", ",
                           word(words, index));
    }
    return list;
}

const char *suggest_or_list(arena *memory, const char *misspelt, const void *words, size_t count,
                            word_at word) {
    const char *meant = suggest(memory, misspelt, "", words, count, word);
    return *meant != '\0' ? meant
                          : arena_print(memory, "; use one of: %s",
                                        list_words(memory, ", ", words, count, word));
}
