/* `rein help`: what the commands are, and how one is called. */
#ifndef REIN_CLI_HELP_COMMAND_H
#define REIN_CLI_HELP_COMMAND_H

#include "cli/base/command.h"

extern const command help_command;

/* Prints the help of one command, or of them all, on standard output. */
exit_code print_command_help(diagnostics *sink, const command *described);
exit_code print_overview(diagnostics *sink, const command_list *known);

#endif
