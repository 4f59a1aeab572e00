/* `rein help`: what the commands are, and how one is called. */
#ifndef REIN_CLI_HELP_COMMAND_H
#define REIN_CLI_HELP_COMMAND_H

#include "cli/command.h"

extern const command help_command;

#endif
