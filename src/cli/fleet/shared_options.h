/* Options that several commands have: elements of their tables of command_option. */
#ifndef REIN_CLI_FLEET_SHARED_OPTIONS_H
#define REIN_CLI_FLEET_SHARED_OPTIONS_H

#include "cli/base/command.h"
#include "cli/read/lifetimes.h"

#define SHARED_OPTION_DEVICE \
    { "device", "PROFILE", "a profile's file, or 'auto', index, UUID or PCI id" }

#define SHARED_OPTION_BY_TOTAL \
    { "by-total", NULL, "judge by total memory, if every process reserves" }

#define SHARED_OPTION_EFFORT \
    { "effort", "STEPS", "stop each search after this many steps (300000)" }

#define SHARED_OPTION_DEADLINE \
    { "deadline", "TIME", "stop after this time, such as 5s" }

#define SHARED_OPTION_INCLUSIVE \
    { "inclusive", NULL, "upper is the last use in the file, not last use + 1" }

/* Returns what the value of --inclusive, which is NULL if it is not given, says about a file. */
static inline upper_ends shared_upper_ends(const char *inclusive) {
    return (upper_ends){.are_included = inclusive != NULL, .advice = "use --inclusive"};
}

#endif
