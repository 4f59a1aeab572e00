/* A text file, read whole. */
#ifndef REIN_CLI_READ_INPUT_FILE_H
#define REIN_CLI_READ_INPUT_FILE_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"
#include "cli/base/work_limits.h"

/* UTF-8 without noncharacters and without control characters but tab, line feed and carriage
 * return; without the byte order mark that the file may start with. NUL-terminated. */
typedef struct input_file {
    const char *path;
    const char *text;
    size_t length;
    bool had_byte_order_mark;
} input_file;

/* Reads what `path` names, "-" too, as long as it is at most `largest_bytes`. `what` says in
 * messages what is expected, such as "a manifest". Reports what is wrong and returns false: it
 * cannot be opened or read, is a directory, too large, empty, or no such text. */
bool input_file_read(diagnostics *sink, const char *path, const char *what, size_t largest_bytes,
                     input_file *out_file);

/* The same, but stops if the limits say so, with a message; waiting for input counts. `limits`
 * may be NULL. */
bool input_file_read_within(diagnostics *sink, const char *path, const char *what,
                            size_t largest_bytes, work_limits *limits, input_file *out_file);

/* The same for a file that gzip made smaller; `largest_bytes` bounds it before and after. */
bool input_file_read_gzip(diagnostics *sink, const char *path, const char *what,
                          size_t largest_bytes, work_limits *limits, input_file *out_file);

/* Checks `text` as input_file_read does, for a text that did not come from a file. */
bool input_file_from_text(diagnostics *sink, const char *path, const char *what, const char *text,
                          size_t length, input_file *out_file);

#endif
