/* The progress of long work: one line on standard error that is rewritten.
 *
 * It is shown only if standard error is a terminal that is not dumb, and only half a second after
 * the command began; it is wiped out before anything else is written. Any thread may call any of
 * these. */
#ifndef REIN_CLI_BASE_PROGRESS_H
#define REIN_CLI_BASE_PROGRESS_H

#include "cli/base/arena.h"

/* The command begins: before, there is no line. */
void progress_begin(void);

/* Makes the line that says how far `what` is. */
typedef const char *(*progress_text)(arena *memory, const void *what);

/* Writes the line that `text` makes of `what` if it is time for it; cheap if it is not. */
void progress_report(progress_text text, const void *what);

/* Between the two there is no line, and no thread writes one: something else may be written. */
void progress_pause(void);
void progress_resume(void);

/* Wipes the line out for good. */
void progress_end(void);

#endif
