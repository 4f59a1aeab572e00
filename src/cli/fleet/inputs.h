/* The files that a fleet was gathered from. */
#ifndef REIN_CLI_FLEET_INPUTS_H
#define REIN_CLI_FLEET_INPUTS_H

#include "cli/fleet/fleet.h"

/* Returns whether writing to `path` would replace the profile of the device, the lifetimes of a
 * model or a file of a model. */
bool fleet_input_is_replaced(const fleet *gathered, const char *path);

#endif
