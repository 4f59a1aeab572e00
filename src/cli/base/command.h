/* The commands of `rein` and the parser of their arguments. commands.c lists all commands. */
#ifndef REIN_CLI_BASE_COMMAND_H
#define REIN_CLI_BASE_COMMAND_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"
#include "cli/base/exit_code.h"

enum { COMMAND_OPTIONS_MAX = 32 };

/* A long option. */
typedef struct command_option {
    const char *name;  /* without the dashes */
    const char *value; /* its value's name in the help; NULL: it takes none */
    const char *help;
} command_option;

typedef struct command command;

/* Commands, in the order of the help. */
typedef struct command_list {
    const command *const *commands;
    size_t count;
} command_list;

/* The parsed arguments of a command. */
typedef struct invocation {
    /* By the index of the option: NULL if it was not given, "" if it takes no value. */
    const char *options[COMMAND_OPTIONS_MAX];
    char *const *operands;
    size_t operand_count; /* within the command's bounds */
    const command_list *known;
} invocation;

struct command {
    const char *name;
    const char *operands; /* their name in the help */
    size_t operands_min;
    size_t operands_max;
    const char *summary;
    const char *details; /* paragraphs of its help, each line terminated */
    const command_option *options;
    size_t option_count; /* with --color and --unicode, at most COMMAND_OPTIONS_MAX */
    bool takes_looks;    /* accepts --color and --unicode, which parse_invocation applies */
    /* The operands are another command. Its options need "--" before it, so that they are never
     * read as options of this command. */
    bool takes_command;
    /* The sink's memory lives until the command ends. */
    exit_code (*run)(const invocation *called, diagnostics *sink);
};

extern const command_list all_commands;

/* Returns how the command is called: "rein check [OPTION...] MANIFEST". */
const char *command_usage(arena *memory, const command *of);

/* Returns the command called `name`. If there is none, reports the nearest name and returns
 * NULL. */
const command *find_command(diagnostics *sink, const command_list *known, const char *name);

/* A command's own options, followed by --color and --unicode if it takes them. */
size_t command_option_count(const command *of);
const command_option *command_option_at(const command *of, size_t index);

/* Parses the arguments after the command's name, which is `arguments[0]`. Returns false and reports
 * the first error. If help is requested, sets `out_wants_help`, returns true and checks nothing
 * else. */
bool parse_invocation(diagnostics *sink, const command *called, int count, char **arguments,
                      invocation *out_invocation, bool *out_wants_help);

#endif
