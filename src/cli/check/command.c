#include "cli/check/command.h"

#include "cli/base/option.h"
#include "cli/check/largest_command.h"
#include "cli/check/options.h"
#include "cli/check/report.h"
#include "cli/fleet/inputs.h"
#include "cli/write/output.h"

typedef struct check_format {
    const char *name;
    bool (*print)(diagnostics *sink, const fleet *checked);
} check_format;

static const check_format formats[] = {{"table", check_print_table},
                                       {"json", check_print_json},
                                       {"junit", check_print_junit},
                                       {"github", check_print_github}};

enum { FORMAT_TABLE, FORMAT_JSON, FORMAT_COUNT = sizeof formats / sizeof formats[0] };

static const char *format_name(const void *unused, size_t index) {
    (void)unused;
    return formats[index].name;
}

/* Returns false after reporting an unknown format, or options that contradict each other. */
static bool read_format(diagnostics *sink, const invocation *called, check_format *out_format) {
    const char *name = called->options[OPTION_FORMAT];
    bool is_json = called->options[OPTION_JSON] != NULL;
    size_t index = is_json ? FORMAT_JSON : FORMAT_TABLE;
    if (!option_word(sink, "format", name, NULL, FORMAT_COUNT, format_name, &index)) {
        return false;
    }
    if (is_json && index != FORMAT_JSON) {
        refuse_both(sink, "--json", arena_print(sink->memory, "--format %s", name), NULL);
        return false;
    }
    *out_format = formats[index];
    if (called->options[OPTION_EXPLAIN] != NULL) {
        if (index != FORMAT_TABLE) {
            refuse_both(sink, "--explain",
                        arena_print(sink->memory, "--format %s", out_format->name),
                        "only the table can be explained");
            return false;
        }
        out_format->print = check_print_explained_table;
    }
    return true;
}

/* Returns whether `path` is a file that was read for the check. */
static bool replaces_input(const char *path, const fleet *checked) {
    bool is_read =
        output_replaces(path, checked->from->path) || fleet_input_is_replaced(checked, path);
    for (size_t index = 0; !is_read && index < checked->model_count; index++) {
        const measurement *measured = checked->models[index].measured;
        is_read = measured != NULL && output_replaces(path, measured->path);
    }
    return is_read;
}

static bool write_picture(diagnostics *sink, const invocation *called, const fleet *checked) {
    const char *path = called->options[OPTION_SVG];
    if (path == NULL) {
        return true;
    }
    return replaces_input(path, checked) ? refuse_replacing(sink, path)
                                         : check_write_svg(sink, checked, path);
}

/* Reports an option that has no meaning without --largest, and returns false. */
static bool refuse_options_of_largest(const invocation *called, diagnostics *sink) {
    for (size_t index = OPTION_MODEL; index < OPTION_COUNT; index++) {
        if (called->options[index] != NULL) {
            report(sink, "option '--%s' needs '--largest'; a manifest states it otherwise",
                   check_options[index].name);
            return false;
        }
    }
    return true;
}

static exit_code run_verdict(const invocation *called, diagnostics *sink,
                             const check_format *format) {
    manifest from;
    fleet checked;
    if (!refuse_options_of_largest(called, sink) ||
        !manifest_read(sink, called->operands[0], &from) ||
        !check_gather(called, sink, &from, &checked)) {
        return EXIT_CODE_BAD_INPUT;
    }
    rein_result_void judged = fleet_judge(sink->memory, &checked);
    if (rein_result_void_is_error(judged)) {
        report_in_file(sink, from.path, "%s", error_text(sink->memory, &REIN_ERROR(judged)));
        return EXIT_CODE_BAD_INPUT;
    }
    bool is_printed = write_picture(sink, called, &checked) && format->print(sink, &checked);
    return is_printed ? exit_code_of(checked.verdict.outcome) : EXIT_CODE_BAD_INPUT;
}

/* Reports an option that --largest has no output for, and returns false. */
static bool check_output_of_largest(const invocation *called, diagnostics *sink,
                                    const check_format *format) {
    const char *first = arena_print(sink->memory, "--largest %s", called->options[OPTION_LARGEST]);
    if (called->options[OPTION_SVG] != NULL) {
        return refuse_both(sink, first, "--svg", NULL);
    }
    if (called->options[OPTION_EXPLAIN] != NULL) {
        return refuse_both(sink, first, "--explain", NULL);
    }
    if (format->print != check_print_table && format->print != check_print_json) {
        return refuse_both(sink, first, arena_print(sink->memory, "--format %s", format->name),
                           "the forms are table and json");
    }
    return true;
}

static exit_code run_check(const invocation *called, diagnostics *sink) {
    check_format format;
    if (!read_format(sink, called, &format)) {
        return EXIT_CODE_BAD_INPUT;
    }
    if (called->options[OPTION_LARGEST] == NULL) {
        return run_verdict(called, sink, &format);
    }
    return check_output_of_largest(called, sink, &format)
               ? check_run_largest(called, sink, format.print == check_print_json)
               : EXIT_CODE_BAD_INPUT;
}

const command check_command = {
    .name = "check",
    .operands = "MANIFEST|MODEL",
    .operands_min = 1,
    .operands_max = 1,
    .summary = "check whether a set of models fits a device",
    .details = "MANIFEST is YAML or JSON; '-' is standard input. Its paths are relative to it:\n\n"
               "  schema: 1\n"
               "  device: {profile: edge.yaml, headroom: 256MiB}\n"
               "  models:\n"
               "    - id: resnet50\n"
               "      budget: {memory: 512MiB, streams: 4, compute: 100ms}\n"
               "      weights: 102440624B\n"
               "      lifetimes: resnet50.csv     # or  activations: 80MiB\n"
               "    - id: chat\n"
               "      budget: {memory: 8GiB, streams: 1, compute: 1s}\n"
               "      file: chat.gguf             # 'rein inspect chat.gguf' prints the keys\n"
               "      activations: 600MiB         # or  measured: chat.measured.yaml\n\n"
               "All keys of the device are optional: profile, headroom, context_overhead,\n"
               "granularity, pool_growth, processes and reserved. Without a profile it is this\n"
               "machine's first device. context_overhead, granularity and pool_growth override\n"
               "the profile's. By default, headroom and reserved are 0B, and processes is\n"
               "one for each model of llama-server and one for all others.\n"
               "Live reservations on the device are counted ('rein status').\n\n"
               "A model with only a budget is a cap: its budget counts, the model is not judged,\n"
               "and the verdict names it. If only its weights or only its activations are\n"
               "stated, the verdict is 'cannot tell'. A measured peak stands for what is\n"
               "unknown; the verdict then says 'as measured', and names the model.\n\n"
               "With --largest, a MODEL is a file or directory as for 'rein inspect'. It may use\n"
               "what the device has available. The options from --activations to --gpu-layers\n"
               "are for a MODEL alone. The exit code is 0 if at least one fits.\n\n"
               "OUT may be '-' for standard output; the report then goes to standard error.\n\n"
               "exit: 0 fits\n"
               "      1 does not fit\n"
               "      2 bad input or output\n"
               "      3 cannot tell: there is no device, or a fact is missing\n",
    .options = check_options,
    .option_count = OPTION_COUNT,
    .takes_looks = true,
    .run = run_check,
};
