/* `rein inspect`: what a model takes, from its files. */
#ifndef REIN_CLI_INSPECT_COMMAND_H
#define REIN_CLI_INSPECT_COMMAND_H

#include "cli/base/command.h"

extern const command inspect_command;

#endif
