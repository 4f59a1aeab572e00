#include "cli/status/command.h"

#include "cli/base/option.h"
#include "cli/fleet/device.h"
#include "cli/fleet/shared_options.h"
#include "cli/status/report.h"

enum { OPTION_DEVICE, OPTION_JSON, OPTION_PROMETHEUS, OPTION_COUNT };

static const command_option options[OPTION_COUNT] = {
    [OPTION_DEVICE] = SHARED_OPTION_DEVICE,
    [OPTION_JSON] = {"json", NULL, "print JSON (docs/schema/status.schema.json)"},
    [OPTION_PROMETHEUS] = {"prometheus", NULL, "print metrics for a textfile collector"},
};

static exit_code judge(const status *found) {
    for (size_t index = 0; index < found->device_count; index++) {
        const status_device *device = &found->devices[index];
        if (device->failure != NULL || device->summary.unknown_count > 0) {
            return EXIT_CODE_CANNOT_TELL;
        }
    }
    return EXIT_CODE_FITS;
}

static exit_code run_status(const invocation *called, diagnostics *sink) {
    fleet_device device = {.is_found = false};
    status found;
    const char *path = called->options[OPTION_DEVICE];
    bool wants_json = called->options[OPTION_JSON] != NULL;
    bool wants_metrics = called->options[OPTION_PROMETHEUS] != NULL;
    if (wants_json && wants_metrics) {
        refuse_both(sink, "--json", "--prometheus", NULL);
        return EXIT_CODE_BAD_INPUT;
    }
    if (path != NULL && !find_device(sink, path, read_local_profile, &device)) {
        return EXIT_CODE_BAD_INPUT;
    }
    if (path != NULL && !device.is_found) {
        report(sink, "%s", missing_device_text(sink->memory, &device));
        return EXIT_CODE_CANNOT_TELL;
    }
    if (!status_gather(sink, path == NULL ? NULL : &device.profile, &found)) {
        return EXIT_CODE_BAD_INPUT;
    }
    bool is_printed = wants_json      ? status_print_json(sink, &found)
                      : wants_metrics ? status_print_prometheus(sink, &found)
                                      : status_print_table(sink, &found);
    return is_printed ? judge(&found) : EXIT_CODE_BAD_INPUT;
}

const command status_command = {
    .name = "status",
    .operands = "",
    .summary = "show the reservations on this node",
    .details = "Lists the live reservations of each device, unrecognised files that block new\n"
               "reservations, and reservations whose files were removed while processes hold\n"
               "them. With --device, also shows how much of the device's memory is free. Changes\n"
               "nothing.\n\n"
               "exit: 0 done\n"
               "      2 bad input or output, or no state directory\n"
               "      3 an unrecognised file, a removed reservation, two different totals of a\n"
               "        device, or no device\n",
    .options = options,
    .option_count = OPTION_COUNT,
    .takes_looks = true,
    .run = run_status,
};
