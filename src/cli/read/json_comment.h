/* Comments as JavaScript has them: JSON has none, YAML has others, and a parser of YAML finds fault
 * with a later line. */
#ifndef REIN_CLI_READ_JSON_COMMENT_H
#define REIN_CLI_READ_JSON_COMMENT_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"

/* Whether `text` is written as JSON is, in braces or brackets, and a word in it begins with "//" or
 * a slash and an asterisk; where the first such word is. */
bool json_comment_find(const char *text, position *out_at);

#endif
