/* Results on their way out: built up in memory first, then written whole or reported as failed. */
#ifndef REIN_CLI_WRITE_OUTPUT_H
#define REIN_CLI_WRITE_OUTPUT_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"
#include "cli/base/memory_stream.h"
#include "cli/base/terminal.h"
#include "cli/base/work_limits.h"

/* A text that is being written through its stream. */
typedef memory_stream output_text;

/* Opens a text, which one of the functions below writes and frees. Ends the command if out of
 * memory. */
output_text *output_open(arena *memory);

/* Whether an output's path is "-", or a name of the file, pipe or socket that standard output is.
 * Devices such as a terminal or /dev/null can have several writers and do not count. */
bool is_standard_output(const char *path);

/* Writes the text to standard output and discards it. If an output has taken standard output, the
 * text is a report beside it and goes to standard error. Reports a failure (a full disk, a closed
 * pipe) and returns false. */
bool output_to_standard(diagnostics *sink, output_text *text);

/* The same for a report that a person reads: on a terminal no line is wider than that. */
bool output_report(diagnostics *sink, output_text *text, const terminal *shown_on);

/* Writes the text to a file that appears whole or not at all: under another name beside `path`,
 * then renamed; a signal that ends the command removes the other name. A symbolic link is followed,
 * one without a target is refused. What is not a regular file, such as a pipe, is written to as it
 * is. A path of standard output takes it. Discards the text. Reports a failure and returns false.
 */
bool output_to_file(diagnostics *sink, output_text *text, const char *path);

/* The same for a text whose making the limits, which may be NULL, can have stopped: then it is
 * discarded, `path` stays as it was, and that is reported. */
bool output_to_file_within(diagnostics *sink, output_text *text, const work_limits *limits,
                           const char *path);

/* The same as output_to_file to a name that nothing has yet: what is there, a link too, is a
 * failure. */
bool output_to_new_file(diagnostics *sink, output_text *text, const char *path);

/* Whether two outputs' paths, which may be NULL, are of one file. They do not have to exist. */
bool is_same_file(arena *memory, const char *left, const char *right);

/* Whether writing `output`, which may be NULL, would replace the file that is read as `input`. */
bool output_replaces(const char *output, const char *input);

#endif
