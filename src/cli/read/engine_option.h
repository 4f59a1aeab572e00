/* The options of an engine, by the names that the options of `rein inspect` and the keys of a
 * manifest share. */
#ifndef REIN_CLI_READ_ENGINE_OPTION_H
#define REIN_CLI_READ_ENGINE_OPTION_H

#include "models/engine.h"

typedef enum engine_option {
    ENGINE_OPTION_NAME,
    ENGINE_OPTION_CONTEXT,
    ENGINE_OPTION_PARALLEL,
    ENGINE_OPTION_KV_TYPE,
    ENGINE_OPTION_BATCH,
    ENGINE_OPTION_UBATCH,
    ENGINE_OPTION_FLASH_ATTENTION,
    ENGINE_OPTION_UNIFIED_KV,
    ENGINE_OPTION_SWA_FULL,
    ENGINE_OPTION_GPU_LAYERS,
    ENGINE_OPTION_COUNT
} engine_option;

/* Sets an option to the value that `text` states. A KV type is "TYPE" or "TYPE,TYPE", for K and V.
 * The layers on the device are a number or "all". Errors, after which the options are unchanged:
 * InvalidArgument with the text and what is accepted. */
rein_result_void engine_option_set(engine_option option, const char *text,
                                   rein_engine_options *options);

#endif
