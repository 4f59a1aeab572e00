#include "cli/fleet/device.h"

#include <string.h>

#include "cli/base/path.h"
#include "cli/read/profile.h"
#include "contract/ids.h"

static const char first_local_device[] = "auto";

static bool consists_of(const char *text, const char *characters) {
    return text[strspn(text, characters)] == '\0';
}

static bool is_uuid(const char *name) {
    enum { PREFIX_LENGTH = 4 };
    return (strncmp(name, "GPU-", PREFIX_LENGTH) == 0 ||
            strncmp(name, "MIG-", PREFIX_LENGTH) == 0) &&
           rein_result_request_id_is_ok(rein_request_id_parse(name + PREFIX_LENGTH));
}

static bool is_pci_id(const char *name) {
    return strchr(name, ':') != NULL && consists_of(name, "0123456789abcdefABCDEF:.");
}

bool is_local_device_name(const char *name) {
    return strcmp(name, first_local_device) == 0 || consists_of(name, "0123456789") ||
           is_pci_id(name) || is_uuid(name);
}

static bool find_profile(diagnostics *sink, const char *path, fleet_device *out_device) {
    fleet_device device = {.is_found = true, .path = path};
    if (!profile_file_read(sink, path, &device.profile)) {
        return false;
    }
    *out_device = device;
    return true;
}

bool find_device(diagnostics *sink, const char *name, local_profile_reader *read_local,
                 fleet_device *out_device) {
    if (!is_local_device_name(name)) {
        return find_profile(sink, name, out_device);
    }
    fleet_device device = {.path = name,
                           .profile = rein_device_profile_unknown(REIN_PROFILE_PROBED)};
    device.is_found = read_local(sink->memory, name, &device.profile, &device.reason);
    *out_device = device;
    return true;
}

const char *missing_device_text(arena *memory, const fleet_device *device) {
    return arena_print(memory, "no device: %s", device->reason);
}

bool find_manifest_device(diagnostics *sink, const char *option, const manifest *from,
                          local_profile_reader *read_local, fleet_device *out_device) {
    const stated_text *stated = &from->device.profile;
    bool is_local = stated->text == NULL || strcmp(stated->text, first_local_device) == 0;
    if (option != NULL || is_local) {
        return find_device(sink, option == NULL ? first_local_device : option, read_local,
                           out_device);
    }
    if (!find_profile(sink, path_resolve(sink->memory, from->path, stated->text), out_device)) {
        note_at(sink, from->path, stated->at, "named here as the profile of the device");
        return false;
    }
    return true;
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
