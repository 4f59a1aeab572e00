/* Output of results: collected in memory first, then written as a whole or reported as failed. */
#ifndef REIN_CLI_WRITE_OUTPUT_H
#define REIN_CLI_WRITE_OUTPUT_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"
#include "cli/base/memory_stream.h"
#include "cli/base/terminal.h"
#include "cli/base/work_limits.h"

/* A text that is written through its stream. */
typedef memory_stream output_text;

/* Opens a text. A function below writes and frees it. Ends the command if it is out of memory. */
output_text *output_open(arena *memory);

/* Returns whether an output's path is "-", or names the file, pipe or socket that is standard
 * output. Devices such as a terminal or /dev/null can have several writers and do not count. */
bool is_standard_output(const char *path);

/* Writes the text to standard output and discards it. If a file output was written to standard
 * output, the text is a report and goes to standard error. Reports a failure (a full disk, a closed
 * pipe) and returns false. */
bool output_to_standard(diagnostics *sink, output_text *text);

/* As output_to_standard, for a report for people: on a terminal, wraps lines at its width. */
bool output_report(diagnostics *sink, output_text *text, const terminal *shown_on);

/* Writes the text to a file atomically and discards the text. Reports a failure and returns false.
 *
 * - The text is written to a temporary file next to `path`, which is then renamed. If a signal ends
 *   the command, the temporary file is removed.
 * - A symbolic link is followed, but must have a target.
 * - A file that is not regular, such as a pipe, is written directly.
 * - If `path` is standard output, later reports go to standard error. */
bool output_to_file(diagnostics *sink, output_text *text, const char *path);

/* Checks before long work that output_to_file could write to `path` now. Reports the reason and
 * returns false if not. Changes nothing, and does not open a file that is not regular. */
bool output_check(diagnostics *sink, const char *path);

/* As output_to_file, unless `limits`, which may be NULL, stopped the making of the text. Then the
 * text is discarded, `path` stays unchanged and the stop is reported. */
bool output_to_file_within(diagnostics *sink, output_text *text, const work_limits *limits,
                           const char *path);

/* As output_to_file, but fails if `path` exists, even as a link. */
bool output_to_new_file(diagnostics *sink, output_text *text, const char *path);

/* Returns whether two outputs' paths, which may be NULL, name the same file, which need not
 * exist. */
bool is_same_file(arena *memory, const char *left, const char *right);

/* Returns whether writing `output`, which may be NULL, would replace the file read as `input`. */
bool output_replaces(const char *output, const char *input);

/* Reports that the output at `path` would replace an input; returns false. */
bool refuse_replacing(diagnostics *sink, const char *path);

#endif
