/* `rein help`: lists the commands, or describes one of them. */
#ifndef REIN_CLI_HELP_COMMAND_H
#define REIN_CLI_HELP_COMMAND_H

#include "cli/base/command.h"

extern const command help_command;

/* Print the help of one command, or of all, to standard output. */
exit_code print_command_help(diagnostics *sink, const command *described);
exit_code print_overview(diagnostics *sink, const command_list *known);

#endif
