/* Finds comments as JavaScript has them. JSON has none and YAML has others, so that a parser of
 * YAML would report a later line. */
#ifndef REIN_CLI_READ_JSON_COMMENT_H
#define REIN_CLI_READ_JSON_COMMENT_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"

/* Returns whether `text` is in braces or brackets, as JSON is, and a word in it begins with "//" or
 * with a slash and an asterisk; then sets the place of the first such word. */
bool json_comment_find(const char *text, position *out_at);

#endif
