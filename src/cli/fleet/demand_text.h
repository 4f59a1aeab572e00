/* What a manifest states of a model beside its budget, weights and activations, in words. */
#ifndef REIN_CLI_FLEET_DEMAND_TEXT_H
#define REIN_CLI_FLEET_DEMAND_TEXT_H

#include "cli/read/manifest.h"

/* Returns "4 executions at once, a load peak of 3GiB"; "" if nothing more is stated. */
const char *demand_text(arena *memory, const manifest_model *stated);

#endif
