/* `rein plan`: finds a placement with the least memory for the lifetimes in a file. */
#ifndef REIN_CLI_PLAN_COMMAND_H
#define REIN_CLI_PLAN_COMMAND_H

#include "cli/base/command.h"

extern const command plan_command;

#endif
