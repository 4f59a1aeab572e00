/* The device that a command is about: from an option, from a manifest, or this machine's. */
#ifndef REIN_CLI_FLEET_DEVICE_H
#define REIN_CLI_FLEET_DEVICE_H

#include "cli/fleet/fleet.h"

/* Whether a word, which is not empty, names a device of this machine and not a file: "auto", an
 * index, a whole UUID or a PCI id. A file of such a name can still be read as "./0". */
bool is_local_device_name(const char *name);

/* Finds the device that an option names: a device of this machine, or the path of a profile.
 * Reports a profile that cannot be read and returns false; a device that is not there is not an
 * error. */
bool find_device(diagnostics *sink, const char *name, fleet_device *out_device);

/* The same for the device that a manifest states: the path of its profile, relative to the
 * manifest, or this machine's device. If `option` is not NULL, it goes before the manifest. */
bool find_manifest_device(diagnostics *sink, const char *option, const manifest *from,
                          fleet_device *out_device);

/* Lets the device's total memory alone decide: free memory says nothing more if all that use the
 * device reserve. The profile stays as it is. Reports a device without a total and returns
 * false; a device that was not found stays so. */
bool judge_by_total(diagnostics *sink, fleet_device *device);

#endif
