#include <string.h>

#include "cli/check_command.h"
#include "cli/command.h"
#include "cli/help_command.h"
#include "cli/init_command.h"
#include "cli/plan_command.h"
#include "cli/probe_command.h"
#include "cli/run_command.h"
#include "cli/status_command.h"
#include "cli/suggest.h"
#include "cli/text.h"
#include "cli/verify_command.h"

const command *const commands[] = {&init_command,  &check_command, &plan_command,   &verify_command,
                                   &probe_command, &run_command,   &status_command, &help_command};

const size_t command_count = sizeof commands / sizeof commands[0];

static const char *command_name(const void *unused, size_t index) {
    (void)unused;
    return commands[index]->name;
}

const command *find_command(diagnostics *sink, const char *name) {
    for (size_t index = 0; index < command_count; index++) {
        if (strcmp(commands[index]->name, name) == 0) {
            return commands[index];
        }
    }
    const char *meant = suggest(sink->memory, name, "", NULL, command_count, command_name);
    const char *known = list_words(sink->memory, NULL, command_count, command_name);
    report(sink, "%s is no command%s%s%s", text_quote(sink->memory, name), meant,
           *meant == '\0' ? ", expected one of: " : "", *meant == '\0' ? known : "");
    return NULL;
}
