/* The progress of long work: one line on standard error that is rewritten in place.
 *
 * The line appears half a second after the command began, and only if standard error is a terminal
 * that is not dumb. It is erased before anything else is written. All functions are thread-safe. */
#ifndef REIN_CLI_BASE_PROGRESS_H
#define REIN_CLI_BASE_PROGRESS_H

#include "cli/base/arena.h"

/* Starts the delay before the first line. No line is shown before this call. */
void progress_begin(void);

/* Returns the line that describes the progress of `self`. */
typedef const char *(*progress_text)(arena *memory, const void *self);

/* Writes the line that `text` returns for `self` if an update is due; cheap if it is not. */
void progress_report(progress_text text, const void *self);

/* progress_pause erases the line and stops every thread from writing it until progress_resume, so
 * that other output can be written. */
void progress_pause(void);
void progress_resume(void);

/* Erases the line for good. */
void progress_end(void);

#endif
