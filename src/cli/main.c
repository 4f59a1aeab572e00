/* The `rein` command: finds the subcommand and runs it. */
#include <locale.h>
#include <string.h>

#include "cli/base/command.h"
#include "cli/base/progress.h"
#include "cli/base/signals.h"
#include "cli/help/command.h"
#include "cli/write/output.h"
#include "contract/version.h"

static bool prepare_process(diagnostics *sink) {
    progress_begin();
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) {
        report(sink, "the locale C.UTF-8 is not installed; it is needed to read UTF-8 text");
        return false;
    }
    ignore_write_signals();
    return true;
}

static exit_code print_version(diagnostics *sink) {
    output_text *text = output_open(sink->memory);
    fprintf(text->stream, "rein %s\n", rein_version());
    return output_to_standard(sink, text) ? EXIT_CODE_FITS : EXIT_CODE_BAD_INPUT;
}

static bool is_either(const char *text, const char *first, const char *second) {
    return strcmp(text, first) == 0 || strcmp(text, second) == 0;
}

static exit_code run_command(diagnostics *sink, int count, char **arguments) {
    const command *called = find_command(sink, &all_commands, arguments[0]);
    invocation parsed;
    bool wants_help = false;
    if (called == NULL || !parse_invocation(sink, called, count, arguments, &parsed, &wants_help)) {
        return EXIT_CODE_BAD_INPUT;
    }
    parsed.known = &all_commands;
    return wants_help ? print_command_help(sink, called) : called->run(&parsed, sink);
}

static exit_code run(diagnostics *sink, int count, char **arguments) {
    if (!prepare_process(sink)) {
        return EXIT_CODE_BAD_INPUT;
    }
    if (count < 2) {
        report(sink,
               "missing command; usage: rein COMMAND [OPTION...] [ARGUMENT...] (see 'rein help')");
        return EXIT_CODE_BAD_INPUT;
    }
    if (is_either(arguments[1], "--help", "-h")) {
        return print_overview(sink, &all_commands);
    }
    if (is_either(arguments[1], "--version", "-V")) {
        return print_version(sink);
    }
    return run_command(sink, count - 1, arguments + 1);
}

int main(int count, char **arguments) {
    arena *memory = arena_create();
    diagnostics sink = {.stream = stderr, .memory = memory};
    exit_code code = run(&sink, count, arguments);
    progress_end();
    arena_destroy(memory);
    return (int)code;
}
