/* The keys of a config.json that the KV cache depends on. */
#ifndef REIN_HOST_MODELS_CONFIG_FILE_H
#define REIN_HOST_MODELS_CONFIG_FILE_H

#include "models/config.h"

typedef enum config_key {
    CONFIG_MODEL_TYPE,
    CONFIG_LAYERS,
    CONFIG_HEADS,
    CONFIG_KV_HEADS,
    CONFIG_HEAD_DIM,
    CONFIG_HIDDEN,
    CONFIG_WINDOW,
    CONFIG_USE_WINDOW,
    CONFIG_MAX_WINDOW_LAYERS,
    CONFIG_PATTERN,
    CONFIG_LAYER_TYPES,
    CONFIG_LATENT_RANK,
    CONFIG_LATENT_ROPE,
    CONFIG_DTYPE,
    CONFIG_TORCH_DTYPE,
    CONFIG_KEY_COUNT
} config_key;

_Static_assert((int)CONFIG_KEY_COUNT <= (int)REIN_CONFIG_INPUTS_MAX,
               "each key is an input at most once");

/* Returns the key as it is in a file. Static storage. */
const char *rein_i_config_key_name(config_key key);

typedef enum config_kind {
    CONFIG_ABSENT,
    CONFIG_NULL,
    CONFIG_BOOLEAN, /* `number` is 1 or 0 */
    CONFIG_NUMBER,  /* a whole number of 0 or above */
    CONFIG_TEXT,
    CONFIG_LAYERS_BY_TYPE, /* layer_types, an array of strings */
    CONFIG_OTHER
} config_kind;

typedef struct config_value {
    config_kind kind;
    uint64_t number;
    char text[REIN_CONFIG_TEXT_CAPACITY]; /* cut if longer; of layer_types: the first other type */
    uint64_t full_count;                  /* of layer_types */
    uint64_t sliding_count;
    uint64_t other_count;
} config_value;

/* The values of one object. */
typedef struct config_object {
    config_value values[CONFIG_KEY_COUNT];
} config_object;

typedef struct config_file {
    config_object outer;
    config_object nested; /* of text_config */
    bool has_nested;
    const char *mechanism; /* the first key of a mechanism that is in use; NULL if there is none */
    const char *cache_scheme; /* the key that sets the type of the cache; NULL if there is none */
} config_file;

/* Reads a config.json. Errors: those of rein_config_read. */
rein_result_void rein_i_config_file_read(const rein_model_file *file, config_file *out_config);

#endif
