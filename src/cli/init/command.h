/* `rein init`: writes a manifest to start from. */
#ifndef REIN_CLI_INIT_COMMAND_H
#define REIN_CLI_INIT_COMMAND_H

#include "cli/base/command.h"

extern const command init_command;

#endif
