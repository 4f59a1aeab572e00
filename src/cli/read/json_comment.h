/* Finds JavaScript comments. JSON has no comments and YAML's differ, so a YAML parser would report
 * an error on a later line. */
#ifndef REIN_CLI_READ_JSON_COMMENT_H
#define REIN_CLI_READ_JSON_COMMENT_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"

/* Returns whether `text` is in braces or brackets, as JSON is, and contains a word that begins with
 * "//" or with a slash and an asterisk. Sets the position of the first such word. */
bool json_comment_find(const char *text, position *out_at);

#endif
