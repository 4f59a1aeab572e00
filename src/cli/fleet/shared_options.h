/* Options that several commands have: elements of their tables of command_option. */
#ifndef REIN_CLI_FLEET_SHARED_OPTIONS_H
#define REIN_CLI_FLEET_SHARED_OPTIONS_H

#include "cli/base/command.h"

#define SHARED_OPTION_DEVICE \
    { "device", "PROFILE", "a profile's file, or 'auto', index, UUID or PCI id" }

#define SHARED_OPTION_BY_TOTAL \
    { "by-total", NULL, "judge by total memory, if every process reserves" }

#define SHARED_OPTION_EFFORT \
    { "effort", "STEPS", "stop each search after this many steps (300000)" }

#define SHARED_OPTION_DEADLINE \
    { "deadline", "TIME", "stop after this time, such as 5s" }

#endif
