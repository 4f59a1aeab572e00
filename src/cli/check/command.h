/* `rein check`: checks whether the models of a manifest fit a device. */
#ifndef REIN_CLI_CHECK_COMMAND_H
#define REIN_CLI_CHECK_COMMAND_H

#include "cli/base/command.h"

extern const command check_command;

#endif
