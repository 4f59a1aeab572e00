/* The weights and the state of a fleet's models, from the manifest and from their files. */
#ifndef REIN_CLI_FLEET_DESCRIBED_MODELS_H
#define REIN_CLI_FLEET_DESCRIBED_MODELS_H

#include "cli/fleet/fleet.h"

/* Sets the weights and the state of each model. The manifest takes precedence over the model's
 * files, but must not state less than they do. Reports errors and returns false. */
bool fleet_describe_models(diagnostics *sink, fleet *target);

/* Returns the lifetimes of the graph in the model's file as those of a lifetimes file. The model
 * must have some. */
lifetimes_file described_lifetimes(arena *memory, const fleet_model *model);

#endif
