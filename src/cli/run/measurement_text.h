/* A measurement as a file, and the line about it on standard error. */
#ifndef REIN_CLI_RUN_MEASUREMENT_TEXT_H
#define REIN_CLI_RUN_MEASUREMENT_TEXT_H

#include <stdio.h>

#include "cli/read/measurement.h"

/* Writes the file that measurement_read reads. A comment names the command and the day. */
void write_measurement(arena *memory, const measurement *measured, const char *command,
                       int64_t unix_s, FILE *stream);

/* Returns "used at most 5.1 GiB of its 6.0 GiB (measured every 20 ms)", or that it used more. Both
 * sizes have one unit; they are exact if they would look alike although more was used. */
const char *measurement_summary(arena *memory, const measurement *measured,
                                uint64_t reserved_bytes);

#endif
