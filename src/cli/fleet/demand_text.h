/* The demand that a manifest states for a model beyond budget, weights and activations, in
 * words. */
#ifndef REIN_CLI_FLEET_DEMAND_TEXT_H
#define REIN_CLI_FLEET_DEMAND_TEXT_H

#include "cli/read/manifest.h"

/* Returns a text such as "a load peak of 3GiB, 4 concurrent executions"; "" if nothing is stated.
 */
const char *demand_text(arena *memory, const manifest_model *stated);

#endif
