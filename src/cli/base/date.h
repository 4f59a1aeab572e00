/* Instants as text: `2026-01-31` or `2026-01-31T12:30:00Z`, always UTC. */
#ifndef REIN_CLI_BASE_DATE_H
#define REIN_CLI_BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/base/arena.h"

/* Returns false if `text` is in neither form or is not a date in the calendar. */
bool date_parse(const char *text, int64_t *out_unix_s);

/* Returns the longer form. */
const char *date_text(arena *memory, int64_t unix_s);

#endif
