/* Gathers what the verdict on a fleet rests on; decides nothing. */
#ifndef REIN_CLI_FLEET_GATHER_H
#define REIN_CLI_FLEET_GATHER_H

#include "cli/fleet/fleet.h"

/* Gathers the numbers of a manifest on a device, and reads and plans each model's lifetimes. The
 * reservations on the device are left out. Reports what is wrong and returns false. */
bool fleet_gather(diagnostics *sink, const manifest *from, const fleet_device *device,
                  const plan_effort *effort, fleet *out_fleet);

#endif
