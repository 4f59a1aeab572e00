/* `rein verify`: checks whether a certificate proves its claims. */
#ifndef REIN_CLI_VERIFY_COMMAND_H
#define REIN_CLI_VERIFY_COMMAND_H

#include "cli/base/command.h"

extern const command verify_command;

#endif
