#include "cli/check_command.h"

#include "cli/check_report.h"
#include "cli/device_source.h"
#include "cli/plan_settings.h"

enum { OPTION_DEVICE, OPTION_EFFORT, OPTION_JSON, OPTION_COUNT };

static const command_option options[OPTION_COUNT] = {
    [OPTION_DEVICE] = {"device", "PROFILE", "a file, or a device: 'auto', index, UUID, PCI id"},
    [OPTION_EFFORT] = {"effort", "STEPS", "search each plan for at most so many steps (300000)"},
    [OPTION_JSON] = {"json", NULL, "print JSON (docs/schema/check.schema.json)"},
};

static exit_code run_check(const invocation *called, diagnostics *sink) {
    manifest from;
    fleet_device device;
    fleet checked;
    plan_effort effort = plan_effort_default();
    if (!read_effort(sink, called->options[OPTION_EFFORT], &effort) ||
        !manifest_read(sink, called->operands[0], &from)) {
        return EXIT_CODE_BAD_INPUT;
    }
    if (!find_manifest_device(sink, called->options[OPTION_DEVICE], &from, &device)) {
        return EXIT_CODE_BAD_INPUT;
    }
    if (!fleet_check(sink, &from, &device, &effort, &checked)) {
        return EXIT_CODE_BAD_INPUT;
    }
    bool is_printed = called->options[OPTION_JSON] != NULL ? check_print_json(sink, &checked)
                                                           : check_print_table(sink, &checked);
    return is_printed ? exit_code_of(checked.verdict.outcome) : EXIT_CODE_BAD_INPUT;
}

const command check_command = {
    .name = "check",
    .operands = "MANIFEST",
    .operands_min = 1,
    .operands_max = 1,
    .summary = "say whether a set of models fits a device",
    .details = "MANIFEST is YAML or JSON; paths in it are relative to it:\n\n"
               "  schema: 1\n"
               "  device: {profile: edge.yaml, headroom: 256MiB}\n"
               "  models:\n"
               "    - id: resnet50\n"
               "      budget: {memory: 512MiB, streams: 4, compute: 100ms}\n"
               "      weights: 102440624B\n"
               "      lifetimes: resnet50.csv     # or  activations: 80MiB\n\n"
               "device may have: profile, headroom, context_overhead, granularity, processes,\n"
               "reserved. Its context_overhead and granularity go before the profile's. What is\n"
               "left out is unknown; headroom and reserved are then 0B, and processes is 1.\n"
               "Without a profile it is the device of this machine. What other processes have\n"
               "reserved on the device ('rein status') is counted.\n\n"
               "exit: 0 fits, 1 does not fit, 2 bad input or output, 3 cannot tell (no device,\n"
               "or facts are missing)\n",
    .options = options,
    .option_count = OPTION_COUNT,
    .run = run_check,
};
