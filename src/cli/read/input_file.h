/* A text file, read into memory. */
#ifndef REIN_CLI_READ_INPUT_FILE_H
#define REIN_CLI_READ_INPUT_FILE_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"
#include "cli/base/work_limits.h"

/* The text is NUL-terminated UTF-8 without noncharacters and without control characters other than
 * tab, line feed and carriage return. A byte order mark at the start is removed. */
typedef struct input_file {
    const char *path;
    const char *text;
    size_t length;
    bool had_byte_order_mark;
} input_file;

/* Reads the file at `path`, or standard input if it is "-". `noun` names the expected content in
 * messages, such as "a manifest". Reports an error and returns false if the file cannot be opened
 * or read, is a directory, larger than `largest_bytes` or empty, or is not valid text. */
bool input_file_read(diagnostics *sink, const char *path, const char *noun, size_t largest_bytes,
                     input_file *out_file);

/* As input_file_read, but reports a stop and returns false if the limits require it, also while
 * waiting for input. `limits` may be NULL. */
bool input_file_read_within(diagnostics *sink, const char *path, const char *noun,
                            size_t largest_bytes, work_limits *limits, input_file *out_file);

/* As input_file_read_within, for a gzip file. `largest_bytes` limits the size before and after. */
bool input_file_read_gzip(diagnostics *sink, const char *path, const char *noun,
                          size_t largest_bytes, work_limits *limits, input_file *out_file);

/* Checks `text` as input_file_read does, for a text that is not from a file. */
bool input_file_from_text(diagnostics *sink, const char *path, const char *noun, const char *text,
                          size_t length, input_file *out_file);

#endif
