/* Where the device that a command is about comes from: an option, a manifest, this machine. */
#ifndef REIN_CLI_DEVICE_SOURCE_H
#define REIN_CLI_DEVICE_SOURCE_H

#include "cli/fleet.h"

/* The option goes before the manifest; without either (the option NULL), it is this machine's
 * device. Reports a profile that cannot be read and returns false; no device is no error. */
bool find_manifest_device(diagnostics *sink, const char *option, const manifest *from,
                          fleet_device *out_device);

#endif
