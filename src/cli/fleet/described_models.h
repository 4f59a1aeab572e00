/* The weights and the state of a fleet's models, from the manifest and from their files. */
#ifndef REIN_CLI_FLEET_DESCRIBED_MODELS_H
#define REIN_CLI_FLEET_DESCRIBED_MODELS_H

#include "cli/fleet/fleet.h"

/* Sets the weights and the state of each model. The manifest takes precedence over the model's
 * files, but must not state less than they do. Reports errors and returns false. */
bool fleet_describe_models(diagnostics *sink, fleet *target);

/* Returns the request to describe the files of a model in the manifest. */
describe_request fleet_describe_request(arena *memory, const fleet *target,
                                        const manifest_model *stated);

/* Sets the weights and the state of one model to those that the manifest states. */
void fleet_set_stated(fleet_model *model);

/* Sets the weights and the state of one model, whose files are described so. */
void fleet_set_described(fleet_model *model, const model_description *described);

/* As fleet_set_described, for a model of the fleet. If the manifest contradicts the files, reports
 * it and returns false. */
bool fleet_set_description(diagnostics *sink, const fleet *target,
                           const model_description *described, fleet_model *model);

/* Returns the lifetimes of the graph in the model's file as those of a lifetimes file. The model
 * must have some. */
lifetimes_file described_lifetimes(arena *memory, const fleet_model *model);

#endif
