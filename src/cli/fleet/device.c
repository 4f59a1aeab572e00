#include "cli/fleet/device.h"

#include <string.h>

#include "cli/fleet/local_device.h"
#include "cli/read/profile.h"

/* A manifest's path is relative to the manifest. */
static const char *device_path(arena *memory, const char *option, const manifest *from) {
    const char *stated = from->device.profile.text;
    if (option != NULL) {
        return option;
    }
    if (stated == NULL || strcmp(stated, "auto") == 0) {
        return "auto";
    }
    return resolve_path(memory, from->path, stated);
}

/* Reports a profile that cannot be read and returns false; no device is no error. */
static bool find_device(diagnostics *sink, const char *path, bool is_local,
                        fleet_device *out_device) {
    fleet_device device = {.path = path,
                           .profile = rein_device_profile_unknown(REIN_PROFILE_PROBED)};
    if (is_local) {
        device.is_found = read_local_profile(sink->memory, path, &device.profile, &device.reason);
    } else if (!profile_file_read(sink, path, &device.profile)) {
        return false;
    } else {
        device.is_found = true;
    }
    *out_device = device;
    return true;
}

bool find_manifest_device(diagnostics *sink, const char *option, const manifest *from,
                          fleet_device *out_device) {
    const char *path = device_path(sink->memory, option, from);
    bool is_local = option != NULL ? is_local_device_name(option) : strcmp(path, "auto") == 0;
    if (find_device(sink, path, is_local, out_device)) {
        return true;
    }
    if (option == NULL) {
        note_at(sink, from->path, from->device.profile.at, "the profile of the device");
    }
    return false;
}

bool judge_by_total(diagnostics *sink, fleet_device *device) {
    if (device->is_found && !device->profile.total_bytes.is_known) {
        report_in_file(sink, device->path,
                       "no total memory is stated: --by-total judges by it; state 'total'");
        return false;
    }
    device->is_judged_by_total = true;
    return true;
}
