/* Compares messages by the facts that they name, so that a sentence can be reworded without a
 * change of the tests. */
#ifndef REIN_TESTS_CLI_SAID_H
#define REIN_TESTS_CLI_SAID_H

#include <stdbool.h>
#include <string.h>

/* Returns whether the text from `line` to `end` contains the facts up to a NULL, in their order. */
static inline bool has_facts(const char *line, const char *end, const char *const *facts) {
    for (; *facts != NULL; facts++) {
        const char *found = strstr(line, *facts);
        if (found == NULL || found + strlen(*facts) > end) {
            return false;
        }
        line = found + strlen(*facts);
    }
    return true;
}

/* Returns whether a line of `messages` contains the facts up to a NULL, in their order. */
static inline bool is_said(const char *messages, const char *const *facts) {
    const char *end = strchr(messages, '\n');
    while (end != NULL && !has_facts(messages, end, facts)) {
        messages = end + 1;
        end = strchr(messages, '\n');
    }
    return end != NULL;
}

/* A list of facts for the functions above. */
#define FACTS(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
