/* Tensors that are in two safetensors files of one model. */
#ifndef REIN_CLI_MODELS_SHARD_NAMES_H
#define REIN_CLI_MODELS_SHARD_NAMES_H

#include "cli/models/model_file.h"
#include "models/safetensors.h"

/* Reports a tensor whose name is in two of the files, and returns false: its bytes would count
 * twice. `read` has the content of each file. */
bool shard_names_check(diagnostics *sink, model_file *const *files, const rein_safetensors *read,
                       size_t count);

#endif
