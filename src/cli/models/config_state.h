/* The state of a model whose weights are in safetensors files, from its config.json. */
#ifndef REIN_CLI_MODELS_CONFIG_STATE_H
#define REIN_CLI_MODELS_CONFIG_STATE_H

#include "cli/models/formats.h"
#include "cli/read/engine_option.h"

/* The options of an engine that count; bit N is engine_option N. */
enum {
    CONFIG_STATE_OPTIONS = 1 << ENGINE_OPTION_CONTEXT | 1 << ENGINE_OPTION_PARALLEL |
                           1 << ENGINE_OPTION_KV_TYPE | 1 << ENGINE_OPTION_BATCH
};

/* Adds the state to the description, or why it is unknown. Reports errors and returns false. A
 * missing file is not an error: the state is then unknown. */
bool describe_config_state(diagnostics *sink, const describe_request *request, const char *path,
                           model_files *files, model_description *target);

/* Sets the state and the context of a model that was described, for the request's options. */
bool describe_config_sizes(diagnostics *sink, const describe_request *request,
                           const model_files *files, model_description *target);

#endif
