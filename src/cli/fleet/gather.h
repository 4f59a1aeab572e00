/* Collects the input of the verdict on a fleet. */
#ifndef REIN_CLI_FLEET_GATHER_H
#define REIN_CLI_FLEET_GATHER_H

#include "cli/fleet/fleet.h"

/* Collects the numbers of a manifest on a device, and reads and plans each model's lifetimes, but
 * not the reservations on the device. Reports errors and returns false. */
bool fleet_gather(diagnostics *sink, const manifest *from, const fleet_device *device,
                  const plan_effort *effort, fleet *out_fleet);

#endif
