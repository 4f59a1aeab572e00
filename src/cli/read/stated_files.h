/* The model files of a model in a manifest, and how they are used:
 *
 *     file: q.gguf                       # or a list: [q.gguf, mmproj.gguf]
 *     engine: {name: llama-server, context: 32768, kv_type: 'f16,q8_0'}
 *     bind: {batch: 8}                   # extents of symbols of an ONNX model
 *     follows_plan: true                 # the runtime follows Rein's plan of the graph
 */
#ifndef REIN_CLI_READ_STATED_FILES_H
#define REIN_CLI_READ_STATED_FILES_H

#include "cli/read/engine_option.h"
#include "cli/read/values.h"
#include "models/onnx.h"

/* The value of `file`, as written in the manifest. */
typedef struct stated_paths {
    const char **paths;
    size_t count; /* 0: not stated */
    position at;
} stated_paths;

/* The value of `engine`. */
typedef struct stated_engine {
    bool is_stated;
    rein_engine_options options;
    uint32_t options_stated; /* bit N: the engine_option N is stated */
    position at;
} stated_engine;

/* The value of `bind`. */
typedef struct stated_bindings {
    bool is_stated;
    rein_onnx_binding *bindings;
    size_t count;
    position at;
} stated_bindings;

/* The keys of `engine`, in the order of engine_option, for messages. */
extern const char *const engine_keys[ENGINE_OPTION_COUNT];

/* Readers for field tables. */
bool read_stated_paths(const field_reader *reader, const node *value, void *out_stated_paths);
bool read_stated_engine(const field_reader *reader, const node *value, void *out_stated_engine);
bool read_stated_bindings(const field_reader *reader, const node *value, void *out_bindings);

#endif
