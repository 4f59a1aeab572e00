/* The measurements of a fleet's models. */
#ifndef REIN_CLI_FLEET_MEASURED_MODELS_H
#define REIN_CLI_FLEET_MEASURED_MODELS_H

#include "cli/fleet/fleet.h"

/* Reads the measurements that the manifest names. Reports errors and returns false. */
bool fleet_read_measurements(diagnostics *sink, fleet *target);

/* Returns the UUID of the device that the fleet is checked against if the model was measured on
 * another device, else NULL. If either device is unknown, they count as the same. */
const char *measured_elsewhere(arena *memory, const fleet *checked, const fleet_model *model);

#endif
