/* The demand of a model beyond budget, weights and activations, in words. */
#ifndef REIN_CLI_FLEET_DEMAND_TEXT_H
#define REIN_CLI_FLEET_DEMAND_TEXT_H

#include "cli/fleet/fleet.h"

/* Returns a text such as "a load peak of 3GiB, 4 concurrent executions"; "" if there
 * is nothing. */
const char *demand_text(arena *memory, const fleet_model *model);

#endif
