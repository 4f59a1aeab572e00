/* A command of `rein`: one file defines it, one row of commands.c lists it. */
#ifndef REIN_CLI_BASE_COMMAND_H
#define REIN_CLI_BASE_COMMAND_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"
#include "cli/base/exit_code.h"

enum { COMMAND_OPTIONS_MAX = 16 };

/* A long option. */
typedef struct command_option {
    const char *name;  /* without the dashes */
    const char *value; /* what its value is called in the help; NULL: it takes none */
    const char *help;
} command_option;

/* What a command was called with. */
typedef struct invocation {
    /* By the option's index: NULL where it was not given, "" where it takes no value. */
    const char *options[COMMAND_OPTIONS_MAX];
    char *const *operands;
    size_t operand_count; /* within the command's bounds */
} invocation;

typedef struct command {
    const char *name;
    const char *operands; /* what they are called in the help */
    size_t operands_min;
    size_t operands_max;
    const char *summary;
    const char *details; /* paragraphs for its help, each line ended */
    const command_option *options;
    size_t option_count; /* at most COMMAND_OPTIONS_MAX */
    /* The sink's memory lives until the command ends. */
    exit_code (*run)(const invocation *called, diagnostics *sink);
} command;

/* Every command, in the order of the help. */
extern const command *const commands[];
extern const size_t command_count;

/* The command of that name; NULL after a message, with the nearest name, where there is none. */
const command *find_command(diagnostics *sink, const char *name);

/* Reads what follows the command's name; `arguments[0]` is the name. Sets `out_wants_help` where
 * help is asked for: nothing else is then checked. Reports what is wrong and returns false. */
bool parse_invocation(diagnostics *sink, const command *called, int count, char **arguments,
                      invocation *out_invocation, bool *out_wants_help);

#endif
