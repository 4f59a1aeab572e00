/* `rein run`: runs a command under a reservation. */
#ifndef REIN_CLI_RUN_COMMAND_H
#define REIN_CLI_RUN_COMMAND_H

#include "cli/base/command.h"

extern const command run_command;

#endif
