/* Commands of `rein`, and how their arguments are parsed. commands.c lists them all. */
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

typedef struct command command;

/* Commands, in the order of the help. */
typedef struct command_list {
    const command *const *commands;
    size_t count;
} command_list;

/* What a command was called with. */
typedef struct invocation {
    /* By the option's index: NULL if it was not given, "" if it takes no value. */
    const char *options[COMMAND_OPTIONS_MAX];
    char *const *operands;
    size_t operand_count; /* within the command's bounds */
    const command_list *known;
} invocation;

struct command {
    const char *name;
    const char *operands; /* what they are called in the help */
    size_t operands_min;
    size_t operands_max;
    const char *summary;
    const char *details; /* paragraphs for its help, each line ended */
    const command_option *options;
    size_t option_count; /* with those for looks, at most COMMAND_OPTIONS_MAX */
    bool takes_looks;    /* --color and --unicode too: parse_invocation applies them */
    /* The sink's memory lives until the command ends. */
    exit_code (*run)(const invocation *called, diagnostics *sink);
};

/* Every command. */
extern const command_list all_commands;

/* Returns the command of that name. If there is none, reports the nearest name and returns NULL. */
const command *find_command(diagnostics *sink, const command_list *known, const char *name);

/* The options of a command: its own, then those for looks if it takes them. */
size_t command_option_count(const command *of);
const command_option *command_option_at(const command *of, size_t index);

/* Parses the arguments behind the command's name, which is `arguments[0]`. Sets `out_wants_help`
 * if help is asked for: nothing else is then checked. Reports what is wrong and returns false. */
bool parse_invocation(diagnostics *sink, const command *called, int count, char **arguments,
                      invocation *out_invocation, bool *out_wants_help);

#endif
