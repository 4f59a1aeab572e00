/* `rein probe`: prints what is known about the devices of this machine. */
#ifndef REIN_CLI_PROBE_COMMAND_H
#define REIN_CLI_PROBE_COMMAND_H

#include "cli/base/command.h"

extern const command probe_command;

#endif
