#include "cli/help/command.h"

#include "cli/write/output.h"

static exit_code print_text(diagnostics *sink, output_text *text) {
    return output_to_standard(sink, text) ? EXIT_CODE_FITS : EXIT_CODE_BAD_INPUT;
}

exit_code print_overview(diagnostics *sink, const command_list *known) {
    output_text *text = output_open(sink->memory);
    fputs("Rein holds each model on a shared GPU to its resource budget.\n\n"
          "usage: rein COMMAND [OPTION...] [ARGUMENT...]\n\n",
          text->stream);
    for (size_t index = 0; index < known->count; index++) {
        const command *listed = known->commands[index];
        fprintf(text->stream, "  %-7s %s\n", listed->name, listed->summary);
    }
    fputs("\n'rein help COMMAND' shows how to use a command, 'rein --version' the version.\n"
          "exit: 0 fits or done, 1 does not fit, 2 bad input or output, 3 cannot tell\n",
          text->stream);
    return print_text(sink, text);
}

static void print_option(FILE *stream, const char *name, const char *value, const char *help) {
    enum { HELP_COLUMN = 26, GAP_MIN = 2 };
    int width =
        fprintf(stream, "  --%s%s%s", name, value == NULL ? "" : " ", value == NULL ? "" : value);
    int gap = HELP_COLUMN - width;
    fprintf(stream, "%*s%s\n", gap < GAP_MIN ? GAP_MIN : gap, "", help);
}

exit_code print_command_help(diagnostics *sink, const command *described) {
    output_text *text = output_open(sink->memory);
    fprintf(text->stream, "rein %s: %s\n\nusage: %s\n\n", described->name, described->summary,
            command_usage(sink->memory, described));
    for (size_t index = 0; index < command_option_count(described); index++) {
        const command_option *option = command_option_at(described, index);
        print_option(text->stream, option->name, option->value, option->help);
    }
    print_option(text->stream, "help", NULL, "show this help");
    fprintf(text->stream, "\n%s", described->details);
    return print_text(sink, text);
}

static exit_code run_help(const invocation *called, diagnostics *sink) {
    if (called->operand_count == 0) {
        return print_overview(sink, called->known);
    }
    const command *described = find_command(sink, called->known, called->operands[0]);
    return described == NULL ? EXIT_CODE_BAD_INPUT : print_command_help(sink, described);
}

const command help_command = {
    .name = "help",
    .operands = "[COMMAND]",
    .operands_max = 1,
    .summary = "list the commands, or show how to use one",
    .details = "exit: 0 done, 2 unknown command\n",
    .run = run_help,
};
