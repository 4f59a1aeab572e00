/* The KV cache of a model of Hugging Face, from its config.json.
 *
 * The first step, rein_config_read, finds the layers that keep keys and values, the tokens that
 * they keep, and the elements that a token takes in a layer. The second step,
 * rein_config_cache_compute, turns this into bytes, for a contiguous or a paged cache.
 *
 * The library knows the rules and defaults of these model types:
 *  - No layer has a window: cohere, gemma, glm4, glm4_moe, gpt_neox, granite, llama, olmo2, olmoe,
 *    phi, seed_oss.
 *  - The cache is latent (MLA): deepseek_v2, deepseek_v3, kimi_k2.
 *  - All layers have a window if sliding_window is set: ministral3, mistral, mixtral, phi3,
 *    starcoder2.
 *  - All layers except each n-th have a window, or as layer_types says: cohere2, gemma2,
 *    gemma3_text, gpt_oss, olmo3.
 *  - Layers from max_window_layers on have a window if use_sliding_window is set, or as layer_types
 *    says: qwen2, qwen3.
 *  - Unknown if use_sliding_window is set, else without a window: qwen2_moe, qwen3_moe,
 *    qwen3_vl_text, qwen3_vl_moe_text, smollm3.
 *
 * Nothing is guessed: the answer is "unknown", with a reason and a key of the file, if
 *  - the model type is not in the list;
 *  - a value that the rules need is missing or not usable;
 *  - the file has a mechanism that the rules do not cover, such as states, linear or chunked
 *    attention, or a cache that layers share.
 *
 * If the file has a `text_config`, its keys count and those beside it are ignored, except those of
 * mechanisms and of quantization. The type of the elements is taken from there, or from beside it
 * if it is missing there.
 *
 *     rein_config config = REIN_TRY(my_result, rein_config_read(&file));
 *     rein_config_cache_options options = rein_config_cache_options_make();
 *     options.context_tokens = 8192;
 *     options.block_tokens = 16;
 *     rein_config_cache cache = REIN_TRY(my_result, rein_config_cache_compute(&config, &options));
 *
 * models/file.h states the errors that all readers have in common. */
#ifndef REIN_MODELS_CONFIG_H
#define REIN_MODELS_CONFIG_H

#include "contract/device.h"
#include "models/file.h"

REIN_API_BEGIN

/* Capacities. */
enum {
    REIN_CONFIG_TEXT_CAPACITY = 64, /* bytes of a text, the terminating NUL included */
    REIN_CONFIG_INPUTS_MAX = 16     /* inputs of a configuration */
};

/* Where an input comes from. Values are stable. */
typedef enum rein_config_source {
    REIN_CONFIG_FROM_FILE = 1, /* the file has the key */
    REIN_CONFIG_DEFAULT = 2    /* the file lacks the key; this is the default of its model type */
} rein_config_source;

/* A value that the answer depends on. */
typedef struct rein_config_input {
    const char *key;           /* in the file, such as "num_hidden_layers"; static storage */
    rein_config_source source; /* where the value comes from */
    rein_fact_u64 number;      /* the value if it is a number; true is 1, false is 0 */
    /* The value if it is a text, or a description of an array; empty if it is a number or null. */
    char text[REIN_CONFIG_TEXT_CAPACITY];
} rein_config_input;

/* The contents of a file that describe the KV cache. Made by rein_config_read. */
typedef struct rein_config {
    char model_type[REIN_CONFIG_TEXT_CAPACITY]; /* cut if longer; empty if the file has none */
    bool is_latent; /* one latent vector a token and layer (MLA) in place of keys and values */
    rein_fact_u64 full_layer_count;    /* layers that keep the whole context */
    rein_fact_u64 sliding_layer_count; /* layers that need the last window_tokens only */
    rein_fact_u64 window_tokens;       /* known if sliding_layer_count is above 0 */
    rein_fact_u64 layer_elements;      /* elements that one token takes in one layer */
    rein_fact_u64 element_bits;        /* of an element, as the model was saved */
    const char *element_key;           /* the key behind element_bits, known or not; static */
    /* Why the facts above element_bits are unknown; static storage. NULL if they are known. */
    const char *unknown_reason;
    /* The key of the file behind that reason, or the element of layer_types. */
    char unknown_key[REIN_CONFIG_TEXT_CAPACITY];
    rein_config_input inputs[REIN_CONFIG_INPUTS_MAX]; /* in the order in which they were used */
    size_t input_count;                               /* elements of `inputs` */
} rein_config;

REIN_RESULT_DEFINE(rein_result_config, rein_config)

/* Returns what the file says. Reads the file once, in constant memory. A file that is sound JSON
 * but does not give an answer is not an error. Errors: see models/file.h; InvalidArgument if the
 * file is NULL, is not one object in JSON, or has a key twice that is used. */
REIN_MUST_USE rein_result_config rein_config_read(const rein_model_file *file);

/* How an engine keeps the cache. */
typedef struct rein_config_cache_options {
    size_t struct_size;      /* set by rein_config_cache_options_make */
    uint64_t context_tokens; /* tokens of one sequence, at least 1 */
    uint64_t sequence_count; /* sequences at the same time, at least 1 */
    uint64_t block_tokens;   /* tokens in a block of a paged cache; 0: the cache is contiguous */
    /* The most tokens that one step computes, at least 1. A layer with a window keeps the last
     * window - 1 tokens and those of the step. */
    uint64_t step_tokens;
    rein_fact_u64 element_bits; /* of the cache; unknown: rein_config.element_bits */
} rein_config_cache_options;

/* Returns options for one sequence in a contiguous cache, with steps of one token. The caller must
 * set context_tokens, which is 0. */
rein_config_cache_options rein_config_cache_options_make(void);

/* The size of a KV cache. All facts are unknown if one that they need is unknown. */
typedef struct rein_config_cache {
    rein_fact_u64 token_bytes; /* one token in all layers, while it is in every window */
    /* One block in one layer; unknown if the cache is contiguous. */
    rein_fact_u64 layer_block_bytes;
    rein_fact_u64 cache_bytes; /* all sequences at the whole context */
    /* The same if the engine keeps the whole context in layers with a window too. */
    rein_fact_u64 cache_bytes_without_windows;
    /* As in rein_config; NULL and empty if the facts are known. */
    const char *unknown_reason;
    char unknown_key[REIN_CONFIG_TEXT_CAPACITY]; /* see rein_config */
} rein_config_cache;

REIN_RESULT_DEFINE(rein_result_config_cache, rein_config_cache)

/* Returns the size of the cache. For each layer and sequence it holds
 *  - T = context_tokens, or in a layer with a window min(window_tokens - 1 + step_tokens,
 *    context_tokens) tokens, if the cache is contiguous;
 *  - ceil(T / block_tokens) blocks if it is paged, and one more in a layer with a window, because
 *    the window may begin inside a block. This is how vLLM counts.
 * Errors: InvalidArgument if
 *  - a pointer is NULL, a rule of the options is broken, or a struct_size is not known;
 *  - the configuration was not made by rein_config_read;
 *  - the size of a token in a layer is not a whole number of bytes;
 *  - a size does not fit in 64 bits. */
REIN_MUST_USE rein_result_config_cache
rein_config_cache_compute(const rein_config *config, const rein_config_cache_options *options);

REIN_API_END

#endif
