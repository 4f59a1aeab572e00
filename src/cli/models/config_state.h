/* The state of a model whose weights are in safetensors files, from its config.json. */
#ifndef REIN_CLI_MODELS_CONFIG_STATE_H
#define REIN_CLI_MODELS_CONFIG_STATE_H

#include "cli/models/formats.h"

/* Adds the state to the description, or why it is unknown. The options that count are context,
 * parallel, batch and the KV types. Reports errors and returns false; it is not an error that there
 * is no file at `path`. */
bool describe_config_state(diagnostics *sink, const describe_request *request, const char *path,
                           model_files *files, model_description *target);

#endif
