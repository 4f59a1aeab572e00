#include "cli/plan_command.h"

#include <string.h>
#include <sys/stat.h>

#include "cli/plan_report.h"
#include "cli/text.h"

enum { OPTION_CAPACITY, OPTION_JSON, OPTION_CSV, OPTION_SVG, OPTION_COUNT };

static const command_option options[OPTION_COUNT] = {
    [OPTION_CAPACITY] = {"capacity", "SIZE", "judge the plan against this size, such as 64MiB"},
    [OPTION_JSON] = {"json", NULL, "print JSON (docs/schema/plan.schema.json)"},
    [OPTION_CSV] = {"csv", "OUT", "write the lifetimes with their offsets"},
    [OPTION_SVG] = {"svg", "OUT", "draw the memory over time"},
};

static bool read_capacity(diagnostics *sink, const char *text, rein_fact_u64 *out_capacity) {
    *out_capacity = rein_fact_u64_unknown();
    if (text == NULL) {
        return true;
    }
    rein_result_bytes parsed = rein_bytes_parse(text);
    if (rein_result_bytes_is_error(parsed)) {
        report(sink, "option '--capacity': %s", error_text(sink->memory, &REIN_ERROR(parsed)));
        return false;
    }
    *out_capacity = rein_fact_u64_known(REIN_VALUE(parsed));
    return true;
}

static bool is_same_file(const char *left, const char *right) {
    struct stat first;
    struct stat second;
    if (left == NULL || right == NULL) {
        return false;
    }
    if (strcmp(left, right) == 0) {
        return true;
    }
    return stat(left, &first) == 0 && stat(right, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

/* One output must not take the place of the other, or of the input. */
static bool check_outputs(diagnostics *sink, const invocation *called) {
    const char *csv = called->options[OPTION_CSV];
    const char *svg = called->options[OPTION_SVG];
    if (is_same_file(csv, svg)) {
        report(sink, "--csv and --svg are the same file, expected two");
        return false;
    }
    const char *input = called->operands[0];
    if (is_same_file(csv, input) || is_same_file(svg, input)) {
        report(sink, "%s would be written over, expected another output",
               text_quote(sink->memory, input));
        return false;
    }
    return true;
}

static bool write_outputs(const invocation *called, diagnostics *sink, const plan_report *shown) {
    const char *csv = called->options[OPTION_CSV];
    const char *svg = called->options[OPTION_SVG];
    return (csv == NULL || plan_write_csv(sink, shown, csv)) &&
           (svg == NULL || plan_write_svg(sink, shown, svg)) &&
           (called->options[OPTION_JSON] != NULL ? plan_print_json(sink, shown)
                                                 : plan_print_table(sink, shown));
}

static exit_code run_plan(const invocation *called, diagnostics *sink) {
    rein_fact_u64 capacity;
    lifetimes_file input;
    planned_lifetimes planned;
    if (!read_capacity(sink, called->options[OPTION_CAPACITY], &capacity) ||
        !check_outputs(sink, called) || !lifetimes_file_read(sink, called->operands[0], &input) ||
        !lifetimes_plan(sink, &input, &planned)) {
        return EXIT_CODE_BAD_INPUT;
    }
    plan_report shown = plan_report_make(&input, &planned, capacity);
    return write_outputs(called, sink, &shown) ? exit_code_of(shown.outcome) : EXIT_CODE_BAD_INPUT;
}

const command plan_command = {
    .name = "plan",
    .operands = "LIFETIMES.csv",
    .operands_min = 1,
    .operands_max = 1,
    .summary = "place the tensors of one model in as little memory as possible",
    .details =
        "LIFETIMES.csv has the columns id,lower,upper,size[,alignment]: a tensor is alive\n"
        "from lower up to, but not at, upper; size and alignment are bytes.\n\n"
        "The height is what the plan takes, the lower bound what any plan takes at least.\n\n"
        "exit: 0 within the capacity, or none was given; 1 the lower bound is above it;\n"
        "2 bad input or output; 3 the capacity is between the lower bound and the height\n",
    .options = options,
    .option_count = OPTION_COUNT,
    .run = run_plan,
};
