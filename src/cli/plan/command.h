/* `rein plan`: how little memory do the lifetimes in a file need? */
#ifndef REIN_CLI_PLAN_COMMAND_H
#define REIN_CLI_PLAN_COMMAND_H

#include "cli/base/command.h"

extern const command plan_command;

#endif
