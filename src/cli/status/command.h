/* `rein status`: lists the reservations of this node. */
#ifndef REIN_CLI_STATUS_COMMAND_H
#define REIN_CLI_STATUS_COMMAND_H

#include "cli/base/command.h"

extern const command status_command;

#endif
