/* The options of an engine as options of a command. */
#ifndef REIN_CLI_MODELS_ENGINE_OPTIONS_H
#define REIN_CLI_MODELS_ENGINE_OPTIONS_H

#include "cli/base/command.h"
#include "cli/models/description.h"
#include "cli/read/engine_option.h"

/* Consecutive elements of a table of command_option, in the order of engine_option. */
#define ENGINE_COMMAND_OPTIONS                                                      \
    {"engine", "ENGINE", "llama-server (default) or llama-c-api"},                  \
        {"context", "TOKENS", "of all sequences together; 0: as trained"},          \
        {"parallel", "N", "sequences at once"},                                     \
        {"kv-type", "TYPES", "of the KV cache, such as f16; f16,q8_0 for K and V"}, \
        {"batch", "TOKENS", "the most that one call computes"},                     \
        {"ubatch", "TOKENS", "the most that one step computes"},                    \
        {"flash-attention", "WHEN", "on, off or auto"},                             \
        {"unified-kv", "WHEN", "on or off: sequences share one cache"},             \
        {"swa-full", "WHEN", "on or off: sliding layers keep the context"}, {       \
        "gpu-layers", "N", "layers on the device: N or all (default)"               \
    }

/* Sets the options of a request, and their names, to those that the command was called with: the
 * elements from `first` on. Reports an invalid value and returns false. */
bool read_engine_options(diagnostics *sink, const invocation *called, size_t first,
                         describe_request *target);

/* The options, such as "--context", by their engine_option. */
extern const char *const engine_option_names[ENGINE_OPTION_COUNT];

#endif
