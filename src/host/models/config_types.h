/* The model types whose KV cache is known, with their rules and defaults. */
#ifndef REIN_HOST_MODELS_CONFIG_TYPES_H
#define REIN_HOST_MODELS_CONFIG_TYPES_H

#include <stdbool.h>
#include <stdint.h>

/* Which layers of a type have a window. */
typedef enum window_rule {
    WINDOW_NEVER,   /* none */
    WINDOW_ALWAYS,  /* all, if sliding_window is set */
    WINDOW_SWITCH,  /* if use_sliding_window is set, those from max_window_layers on */
    WINDOW_REFUSED, /* none; with use_sliding_window they are not known */
    WINDOW_PATTERN  /* all but each n-th */
} window_rule;

/* A type and its defaults. */
typedef struct config_type {
    const char *name;
    uint64_t hidden;
    uint64_t layers;
    uint64_t heads;
    uint64_t kv_heads; /* 0: as many as heads */
    uint64_t head_dim; /* 0: hidden / heads */
    window_rule rule;
    uint64_t window;
    uint64_t max_window_layers;
    uint64_t pattern;
    bool has_pattern_key; /* else the pattern is fixed */
    uint64_t latent_rank; /* above 0: the cache is latent */
    uint64_t latent_rope;
} config_type;

/* Returns the type of this name; NULL if it is not known. Static storage. */
const config_type *rein_i_config_type_find(const char *name);

#endif
