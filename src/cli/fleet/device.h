/* The device of a command: from an option, from a manifest, or of this machine. */
#ifndef REIN_CLI_FLEET_DEVICE_H
#define REIN_CLI_FLEET_DEVICE_H

#include "cli/fleet/fleet.h"
#include "cli/fleet/local_device.h"

/* Returns whether a nonempty name is a device of this machine rather than a file: "auto", an index,
 * a complete UUID or a PCI id. A file with such a name can be given as "./0". */
bool is_local_device_name(const char *name);

/* Finds the device that an option names: a device of this machine, which `read_local` reads, or the
 * path of a profile. Returns false and reports a profile that cannot be read. A missing device is
 * not an error. */
bool find_device(diagnostics *sink, const char *name, local_profile_reader *read_local,
                 fleet_device *out_device);

/* Returns "no device: the driver is not installed" for a device that was not found. */
const char *missing_device_text(arena *memory, const fleet_device *device);

/* As find_device, for the device in a manifest: a profile's path, relative to the manifest, or this
 * machine's device. If `option` is not NULL, it takes precedence over the manifest. */
bool find_manifest_device(diagnostics *sink, const char *option, const manifest *from,
                          local_profile_reader *read_local, fleet_device *out_device);

/* Makes the verdict depend on total memory only: if all users of the device reserve, free memory
 * adds no information. Does not change the profile. Returns false and reports a device without a
 * total. Has no effect on a device that was not found. */
bool judge_by_total(diagnostics *sink, fleet_device *device);

#endif
