/* The option --color of every command that prints a table. */
#ifndef REIN_CLI_COLOUR_OPTION_H
#define REIN_CLI_COLOUR_OPTION_H

#include "cli/command.h"

/* Its row in a table of options. */
#define COLOUR_OPTION \
    { "color", "WHEN", "auto (default), always or never" }

/* Reads its value, NULL where it was not given, into the sink. Reports one that cannot be read and
 * returns false. */
bool read_colour(diagnostics *sink, const char *text);

#endif
