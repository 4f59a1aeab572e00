#include "cli/check/options.h"

#include "cli/base/option.h"
#include "cli/fleet/device.h"
#include "cli/fleet/gather.h"
#include "cli/fleet/reservations.h"
#include "cli/fleet/server_processes.h"
#include "cli/fleet/shared_options.h"

const command_option check_options[OPTION_COUNT] = {
    [OPTION_DEVICE] = SHARED_OPTION_DEVICE,
    [OPTION_BY_TOTAL] = SHARED_OPTION_BY_TOTAL,
    [OPTION_EFFORT] = SHARED_OPTION_EFFORT,
    [OPTION_EXPLAIN] = {"explain", NULL, "also explain how each number is computed"},
    [OPTION_FORMAT] = {"format", "FORM", "table (default), json, junit or github"},
    [OPTION_JSON] = {"json", NULL, "same as --format json (docs/schema/check.schema.json)"},
    [OPTION_SVG] = {"svg", "OUT", "also draw the device's memory and each model's budget"},
    [OPTION_LARGEST] = {"largest", "KIND", "find the most that fits: context, parallel, instances"},
    [OPTION_MODEL] = {"model", "ID", "the model of the manifest whose number varies"},
    [OPTION_ACTIVATIONS] = {"activations", "SIZE", "of the model in a file: as measured"},
    [OPTION_HEADROOM] = {"headroom", "SIZE", "memory to leave free (0B)"},
    [OPTION_CONTEXT_OVERHEAD] = {"context-overhead", "SIZE", "of a process; overrides the profile"},
    [OPTION_GRANULARITY] = {"granularity", "SIZE", "of allocations; overrides the profile"},
    [OPTION_ENGINE] = ENGINE_COMMAND_OPTIONS,
};

bool check_gather(const invocation *called, diagnostics *sink, const manifest *from,
                  fleet *out_gathered) {
    fleet_device device;
    plan_effort effort = plan_effort_default();
    if (!option_number(sink, "effort", called->options[OPTION_EFFORT], 0, UINT64_MAX,
                       &effort.steps) ||
        !find_manifest_device(sink, called->options[OPTION_DEVICE], from, read_local_profile,
                              &device) ||
        (called->options[OPTION_BY_TOTAL] != NULL && !judge_by_total(sink, &device)) ||
        !fleet_gather(sink, from, &device, &effort, out_gathered)) {
        return false;
    }
    note_server_processes(sink, out_gathered);
    out_gathered->live = count_live_reservations(sink, &device.profile);
    return true;
}
