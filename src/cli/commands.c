/* The table of commands. */
#include "cli/base/command.h"
#include "cli/check/command.h"
#include "cli/help/command.h"
#include "cli/init/command.h"
#include "cli/inspect/command.h"
#include "cli/plan/command.h"
#include "cli/probe/command.h"
#include "cli/run/command.h"
#include "cli/status/command.h"
#include "cli/verify/command.h"

static const command *const commands[] = {&init_command, &inspect_command, &check_command,
                                          &plan_command, &verify_command,  &probe_command,
                                          &run_command,  &status_command,  &help_command};

const command_list all_commands = {commands, sizeof commands / sizeof commands[0]};
