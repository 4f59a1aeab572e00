/* Where the device that a command is about comes from: an option, a manifest, this machine. */
#ifndef REIN_CLI_FLEET_DEVICE_H
#define REIN_CLI_FLEET_DEVICE_H

#include "cli/fleet/fleet.h"

/* The option goes before the manifest; without either (the option NULL), it is this machine's
 * device. Reports a profile that cannot be read and returns false; no device is no error. */
bool find_manifest_device(diagnostics *sink, const char *option, const manifest *from,
                          fleet_device *out_device);

/* Lets the device's total memory alone decide: free memory says nothing more if all that use the
 * device reserve. The profile stays as it is. Reports a device without a total and returns
 * false; a device that was not found stays so. */
bool judge_by_total(diagnostics *sink, fleet_device *device);

#endif
