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

/* What may stand in a command's place. */
static const char *first_word(const void *unused, size_t index) {
    static const char *const options[] = {"--help", "--version"};
    (void)unused;
    return index < command_count ? commands[index]->name : options[index - command_count];
}

const command *find_command(diagnostics *sink, const char *name) {
    for (size_t index = 0; index < command_count; index++) {
        if (strcmp(commands[index]->name, name) == 0) {
            return commands[index];
        }
    }
    const size_t word_count = command_count + 2;
    const char *meant = suggest(sink->memory, name, "", NULL, word_count, first_word);
    const char *known = list_words(sink->memory, NULL, word_count, first_word);
    report(sink, "%s is no command%s%s%s", text_quote(sink->memory, name), meant,
           *meant == '\0' ? ", expected one of: " : "", *meant == '\0' ? known : "");
    return NULL;
}
