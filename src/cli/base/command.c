#include "cli/base/command.h"

#include <getopt.h>
#include <string.h>

#include "cli/base/option.h"
#include "cli/base/suggest.h"
#include "cli/base/terminal.h"
#include "cli/base/text.h"

/* Values that getopt_long returns for long options; above every character. */
enum { FIRST_OPTION_VALUE = 256, HELP_VALUE = 'h', OUTPUT_VALUE = 'o' };

enum { LOOK_COLOR, LOOK_UNICODE, LOOK_COUNT };

static const command_option look_options[LOOK_COUNT] = {
    [LOOK_COLOR] = {"color", "WHEN", "colour the output: auto (default), always or never"},
    [LOOK_UNICODE] = {"unicode", "WHEN", "use more than ASCII: auto (default), always or never"},
};

size_t command_option_count(const command *of) {
    return of->option_count + (of->takes_looks ? (size_t)LOOK_COUNT : 0);
}

const command_option *command_option_at(const command *of, size_t index) {
    return index < of->option_count ? &of->options[index] : &look_options[index - of->option_count];
}

const char *command_usage(arena *memory, const command *of) {
    return arena_print(memory, "rein %s%s%s%s", of->name,
                       command_option_count(of) == 0 ? "" : " [OPTION...]",
                       *of->operands == '\0' ? "" : " ", of->operands);
}

static const char *option_name(const void *called, size_t index) {
    return index < command_option_count(called) ? command_option_at(called, index)->name : "help";
}

static void list_long_options(const command *called, struct option *out_options) {
    size_t count = command_option_count(called);
    for (size_t index = 0; index < count; index++) {
        const command_option *option = command_option_at(called, index);
        out_options[index] =
            (struct option){.name = option->name,
                            .has_arg = option->value == NULL ? no_argument : required_argument,
                            .val = FIRST_OPTION_VALUE + (int)index};
    }
    out_options[count] = (struct option){.name = "help", .val = HELP_VALUE};
    out_options[count + 1] = (struct option){.name = NULL};
}

/* Reports an unknown option as `written`. `meant` is a suggestion or "". Returns false. */
static bool refuse_unknown(diagnostics *sink, const command *called, const char *written,
                           const char *meant) {
    arena *memory = sink->memory;
    report(sink, "unknown option %s of '%s'%s", text_quote(memory, written), called->name,
           *meant != '\0' ? meant : arena_print(memory, "; see 'rein help %s'", called->name));
    return false;
}

/* Reports `--jsno`, `--json=x`, `-x` or an ambiguous abbreviation. */
static bool refuse_argument(diagnostics *sink, const command *called, const char *argument) {
    arena *memory = sink->memory;
    if (optopt >= FIRST_OPTION_VALUE || optopt == HELP_VALUE) {
        report(sink, "option '--%s' takes no value",
               optopt == HELP_VALUE ? "help"
                                    : option_name(called, (size_t)(optopt - FIRST_OPTION_VALUE)));
        return false;
    }
    if (optopt != 0) {
        const char letter[] = {'-', (char)optopt, '\0'};
        return refuse_unknown(sink, called, letter, "");
    }
    const char *written = arena_copy(memory, argument, strcspn(argument, "="));
    return refuse_unknown(
        sink, called, written,
        suggest(memory, written + 2, "--", called, command_option_count(called) + 1, option_name));
}

/* Returns the long option that getopt_long parsed last, without its dashes. Its value may be a
 * separate argument. */
static const char *written_name(char **arguments) {
    bool is_value_apart = optarg != NULL && optarg == arguments[optind - 1];
    return arguments[optind - (is_value_apart ? 2 : 1)] + 2;
}

/* Rejects abbreviations, which getopt_long accepts: a script that uses one would break when another
 * option with the same prefix is added. */
static bool is_spelt_out(diagnostics *sink, const command *called, const char *written,
                         const char *name) {
    size_t length = strcspn(written, "=");
    if (strlen(name) == length) {
        return true;
    }
    return refuse_unknown(sink, called, arena_print(sink->memory, "--%.*s", (int)length, written),
                          did_you_mean(sink->memory, "--", name));
}

static bool refuse_no_value(diagnostics *sink, const command_option *option) {
    report(sink, "option '--%s' needs a value; write --%s %s", option->name, option->name,
           option->value);
    return false;
}

static bool take_option(diagnostics *sink, const command *called, size_t index,
                        invocation *target) {
    const command_option *option = command_option_at(called, index);
    const char *value = option->value == NULL ? "" : optarg;
    if (target->options[index] != NULL) {
        report(sink, "option '--%s' is given twice", option->name);
        return false;
    }
    if (option->value != NULL && *value == '\0') {
        return refuse_no_value(sink, option);
    }
    target->options[index] = value;
    return true;
}

/* Returns whether the operands have an option, without "--" before them. */
static bool has_stray_option(int count, char **arguments, int *out_index) {
    bool is_separated = strcmp(arguments[optind - 1], "--") == 0;
    int index = optind;
    while (index < count && (arguments[index][0] != '-' || arguments[index][1] == '\0')) {
        index++;
    }
    *out_index = index;
    return !is_separated && index < count;
}

/* Reports an option that follows the first operand of a command that takes a command. */
static bool check_command_line(diagnostics *sink, const command *called, int count,
                               char **arguments) {
    int stray = 0;
    if (!called->takes_command || !has_stray_option(count, arguments, &stray)) {
        return true;
    }
    arena *memory = sink->memory;
    report(sink,
           "option %s follows the command %s; write '--' before the command: rein %s ... -- %s",
           text_quote(memory, arguments[stray]), text_quote(memory, arguments[optind]),
           called->name, text_printable(memory, arguments[optind]));
    return false;
}

static bool has_empty_operand(const invocation *parsed) {
    size_t index = 0;
    while (index < parsed->operand_count && *parsed->operands[index] != '\0') {
        index++;
    }
    return index < parsed->operand_count;
}

static bool take_operands(diagnostics *sink, const command *called, int count, char **arguments,
                          invocation *target) {
    target->operands = arguments + optind;
    target->operand_count = (size_t)(count - optind);
    if (target->operand_count < called->operands_min) {
        report(sink, "missing argument; usage: %s", command_usage(sink->memory, called));
        return false;
    }
    if (target->operand_count > called->operands_max) {
        report(sink, "unexpected argument %s; usage: %s",
               text_quote(sink->memory, target->operands[called->operands_max]),
               command_usage(sink->memory, called));
        return false;
    }
    if (!called->takes_command && has_empty_operand(target)) {
        report(sink, "an argument is empty; usage: %s", command_usage(sink->memory, called));
        return false;
    }
    return true;
}

/* Returns the index of the option that `-o` is short for, or option_count. */
static size_t find_output_option(const command *called) {
    size_t index = 0;
    while (index < called->option_count && strcmp(called->options[index].name, "output") != 0) {
        index++;
    }
    return index;
}

/* Returns the index of the option for a value of getopt_long or optopt. */
static size_t option_index(const command *called, int answer) {
    return answer == OUTPUT_VALUE ? find_output_option(called)
                                  : (size_t)(answer - FIRST_OPTION_VALUE);
}

static const char *const show_words[] = {
    [SHOW_AUTO] = "auto", [SHOW_ALWAYS] = "always", [SHOW_NEVER] = "never"};

static const char *show_word(const void *unused, size_t index) {
    (void)unused;
    return show_words[index];
}

/* Applies --color and --unicode to the whole process. */
static bool apply_looks(diagnostics *sink, const command *called, const invocation *parsed) {
    size_t chosen[LOOK_COUNT] = {[LOOK_COLOR] = SHOW_AUTO, [LOOK_UNICODE] = SHOW_AUTO};
    for (size_t look = 0; called->takes_looks && look < LOOK_COUNT; look++) {
        if (!option_word(sink, look_options[look].name,
                         parsed->options[called->option_count + look], NULL,
                         sizeof show_words / sizeof show_words[0], show_word, &chosen[look])) {
            return false;
        }
    }
    terminal_choose_colour((show_choice)chosen[LOOK_COLOR]);
    terminal_choose_unicode((show_choice)chosen[LOOK_UNICODE]);
    return true;
}

bool parse_invocation(diagnostics *sink, const command *called, int count, char **arguments,
                      invocation *out_invocation, bool *out_wants_help) {
    struct option options[COMMAND_OPTIONS_MAX + 2];
    list_long_options(called, options);
    invocation parsed = {.operand_count = 0};
    opterr = 0;
    int answer = 0;
    const char *letters = called->takes_command                               ? "+:h"
                          : find_output_option(called) < called->option_count ? ":ho:"
                                                                              : ":h";
    int taken = -1; /* index into `options`; -1 for a letter */
    while ((answer = getopt_long(count, arguments, letters, options, &taken)) != -1) {
        if (taken >= 0 &&
            !is_spelt_out(sink, called, written_name(arguments), options[taken].name)) {
            return false;
        }
        taken = -1;
        if (answer == HELP_VALUE) {
            *out_wants_help = true;
            return true;
        }
        if (answer == ':') {
            return refuse_no_value(sink, command_option_at(called, option_index(called, optopt)));
        }
        if (answer == '?') {
            return refuse_argument(sink, called, arguments[optind - 1]);
        }
        if (!take_option(sink, called, option_index(called, answer), &parsed)) {
            return false;
        }
    }
    if (!check_command_line(sink, called, count, arguments) ||
        !take_operands(sink, called, count, arguments, &parsed) ||
        !apply_looks(sink, called, &parsed)) {
        return false;
    }
    *out_invocation = parsed;
    *out_wants_help = false;
    return true;
}

/* Words that are accepted in place of a command. */
static const char *first_word(const void *known, size_t index) {
    static const char *const options[] = {"--help", "--version"};
    const command_list *list = known;
    return index < list->count ? list->commands[index]->name : options[index - list->count];
}

const command *find_command(diagnostics *sink, const command_list *known, const char *name) {
    for (size_t index = 0; index < known->count; index++) {
        if (strcmp(known->commands[index]->name, name) == 0) {
            return known->commands[index];
        }
    }
    report(sink, "unknown command %s%s", text_quote(sink->memory, name),
           suggest_or_list(sink->memory, name, known, known->count + 2, first_word));
    return NULL;
}
