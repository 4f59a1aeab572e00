/* Inference engines, and those of their options that decide how much memory a model takes.
 *
 * The formulas of this library are those of llama.cpp v0.5.0. Other versions may allocate other
 * sizes. An option that the caller does not state has the default of the engine, which
 * rein_engine_options_resolve fills in. */
#ifndef REIN_MODELS_ENGINE_H
#define REIN_MODELS_ENGINE_H

#include <string.h>

#include "contract/api.h"
#include "contract/device.h"
#include "contract/result.h"

REIN_API_BEGIN

/* How llama.cpp is used: the defaults differ. Values are stable. */
typedef enum rein_engine {
    REIN_ENGINE_LLAMA_SERVER = 1, /* the program llama-server */
    REIN_ENGINE_LLAMA_C_API = 2   /* a program that calls llama.h with its default parameters */
} rein_engine;

REIN_RESULT_DEFINE(rein_result_engine, rein_engine)

/* Returns "llama-server" or "llama-c-api"; "unknown" for any other value. Static storage. */
const char *rein_engine_name(rein_engine engine);

/* Returns the version whose formulas this library has, such as "llama.cpp v0.5.0"; "unknown" for a
 * value that is not an engine. Static storage. */
const char *rein_engine_version(rein_engine engine);

/* Returns the engine of this name. Errors: InvalidArgument with the text and the names that are
 * accepted; also for NULL. */
REIN_MUST_USE rein_result_engine rein_engine_parse(const char *text);

/* Types of the elements of a KV cache. Values are stable. */
typedef enum rein_cache_type {
    REIN_CACHE_UNSET = 0, /* the default of the engine */
    REIN_CACHE_F32 = 1,   /* 4 bytes an element */
    REIN_CACHE_F16 = 2,   /* 2 bytes an element */
    REIN_CACHE_BF16 = 3,  /* 2 bytes an element */
    REIN_CACHE_Q8_0 = 4,  /* 34 bytes for 32 elements */
    REIN_CACHE_Q5_1 = 5,  /* 24 bytes for 32 elements */
    REIN_CACHE_Q5_0 = 6,  /* 22 bytes for 32 elements */
    REIN_CACHE_Q4_1 = 7,  /* 20 bytes for 32 elements */
    REIN_CACHE_Q4_0 = 8,  /* 18 bytes for 32 elements */
    REIN_CACHE_IQ4_NL = 9 /* 18 bytes for 32 elements */
} rein_cache_type;

REIN_RESULT_DEFINE(rein_result_cache_type, rein_cache_type)

/* Returns "f32", "f16" and so on, as the engine spells them; "unset" for REIN_CACHE_UNSET, and
 * "unknown" for a value that is not a type. Static storage. */
const char *rein_cache_type_name(rein_cache_type type);

/* Returns the type of this name. Errors: InvalidArgument with the text and the names that are
 * accepted; also for NULL. */
REIN_MUST_USE rein_result_cache_type rein_cache_type_parse(const char *text);

/* An option that is on or off. Values are stable. */
typedef enum rein_switch {
    REIN_SWITCH_UNSET = 0, /* the default of the engine */
    REIN_SWITCH_OFF = 1,   /* stated as off */
    REIN_SWITCH_ON = 2,    /* stated as on */
    REIN_SWITCH_AUTO = 3   /* flash attention alone: the engine tries it on the device */
} rein_switch;

REIN_RESULT_DEFINE(rein_result_switch, rein_switch)

/* Returns "off", "on" or "auto"; "unset" for REIN_SWITCH_UNSET, and "unknown" for any other value.
 * Static storage. */
const char *rein_switch_name(rein_switch setting);

/* Returns the switch of this name. Errors: InvalidArgument unless the text is "on", "off" or
 * "auto"; also for NULL. */
REIN_MUST_USE rein_result_switch rein_switch_parse(const char *text);

/* The options of an engine. An unknown number and an unset value mean that the option is not
 * stated. The comments name the options of llama-server. */
typedef struct rein_engine_options {
    size_t struct_size; /* sizeof(rein_engine_options), as the caller has it */
    rein_engine engine; /* decides the defaults */
    /* --ctx-size: tokens of all sequences together, at most 2147483647. 0: as many as the model was
     * trained with. */
    rein_fact_u64 context;
    rein_fact_u64 parallel;      /* --parallel: sequences, 1 to 256 */
    rein_fact_u64 batch;         /* --batch-size: tokens, 1 to 2147483647 */
    rein_fact_u64 ubatch;        /* --ubatch-size: tokens, at most 2147483647. 0: as the batch */
    rein_fact_u64 gpu_layers;    /* --gpu-layers; more than the model has means all */
    rein_cache_type k_type;      /* --cache-type-k */
    rein_cache_type v_type;      /* --cache-type-v */
    rein_switch flash_attention; /* --flash-attn */
    rein_switch unified_kv;      /* --kv-unified: all sequences share the cells of one cache */
    rein_switch swa_full;        /* --swa-full: sliding layers get as many cells as the others */
} rein_engine_options;

/* Returns options with none stated. */
static inline rein_engine_options rein_engine_options_make(rein_engine engine) {
    rein_engine_options options;
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.engine = engine;
    return options;
}

/* The options, as bits of rein_engine_settings.defaults. */
enum {
    REIN_OPTION_CONTEXT = 1 << 0,
    REIN_OPTION_PARALLEL = 1 << 1,
    REIN_OPTION_BATCH = 1 << 2,
    REIN_OPTION_UBATCH = 1 << 3,
    REIN_OPTION_GPU_LAYERS = 1 << 4,
    REIN_OPTION_K_TYPE = 1 << 5,
    REIN_OPTION_V_TYPE = 1 << 6,
    REIN_OPTION_FLASH_ATTENTION = 1 << 7,
    REIN_OPTION_UNIFIED_KV = 1 << 8,
    REIN_OPTION_SWA_FULL = 1 << 9
};

/* The options with which the engine runs. */
typedef struct rein_engine_settings {
    /* Every option is stated, except the context of a llama-server that chooses it. */
    rein_engine_options options;
    uint32_t defaults; /* REIN_OPTION_* of the options that the caller did not state */
} rein_engine_settings;

REIN_RESULT_DEFINE(rein_result_engine_settings, rein_engine_settings)

/* Returns the options with the defaults of the engine in place of those that are not stated:
 *
 *     option             llama-server                     llama-c-api
 *     context            unknown: it fits the device      512
 *     parallel           4                                1
 *     batch, ubatch      2048, 512                        2048, 512
 *     gpu_layers         UINT64_MAX, all                  UINT64_MAX, all
 *     k_type, v_type     f16                              f16
 *     flash_attention    auto                             auto
 *     unified_kv         on; off if parallel is stated    off
 *     swa_full           off                              on
 *
 * llama-server moves fewer layers to a device on which not all fit, if gpu_layers is not stated.
 *
 * Errors: InvalidArgument with the option and the rule
 *  - if `options` is NULL, or its struct_size or a value is not known to this library;
 *  - if a number is outside its range;
 *  - if unified_kv or swa_full is auto;
 *  - if v_type is a quantised type (any but f32, f16 and bf16), and flash attention is off;
 *  - if unified_kv is off for llama-server and parallel is not stated: the engine then ignores it.
 */
REIN_MUST_USE rein_result_engine_settings
rein_engine_options_resolve(const rein_engine_options *options);

REIN_API_END

#endif
