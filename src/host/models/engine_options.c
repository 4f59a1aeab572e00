#include "host/contract/invalid.h"
#include "host/models/cache_type.h"
#include "host/models/malformed.h"
#include "models/engine.h"

enum { SEQUENCES_MAX = 256, TOKENS_MAX = INT32_MAX };

/* A number among the options: its range and its default in each engine. */
typedef struct number_rule {
    const char *name; /* as llama-server spells it */
    size_t offset;    /* of the rein_fact_u64 in rein_engine_options */
    uint64_t least;
    uint64_t most;
    uint32_t option;            /* its REIN_OPTION_* */
    rein_fact_u64 server_value; /* the default of llama-server */
    rein_fact_u64 c_api_value;  /* the default of the C API */
} number_rule;

#define KNOWN(number) \
    { .is_known = true, .value = (number) }

static const number_rule numbers[] = {
    {"context",
     offsetof(rein_engine_options, context),
     0,
     TOKENS_MAX,
     REIN_OPTION_CONTEXT,
     {.is_known = false},
     KNOWN(512)},
    {"parallel", offsetof(rein_engine_options, parallel), 1, SEQUENCES_MAX, REIN_OPTION_PARALLEL,
     KNOWN(4), KNOWN(1)},
    {"batch", offsetof(rein_engine_options, batch), 1, TOKENS_MAX, REIN_OPTION_BATCH, KNOWN(2048),
     KNOWN(2048)},
    {"ubatch", offsetof(rein_engine_options, ubatch), 0, TOKENS_MAX, REIN_OPTION_UBATCH, KNOWN(512),
     KNOWN(512)},
    {"gpu_layers", offsetof(rein_engine_options, gpu_layers), 0, UINT64_MAX, REIN_OPTION_GPU_LAYERS,
     KNOWN(UINT64_MAX), KNOWN(UINT64_MAX)},
};

static bool is_server(const rein_engine_options *options) {
    return options->engine == REIN_ENGINE_LLAMA_SERVER;
}

static rein_result_void check_known_values(const rein_engine_options *options) {
    if (options == NULL) {
        return rein_i_invalid(REIN_HERE, "the options of the engine" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    if (options->struct_size != sizeof *options) {
        return rein_i_invalid(REIN_HERE, "the options of the engine" MUST_HAVE_STRUCT_SIZE,
                              options->struct_size, sizeof *options, 0);
    }
    if (!is_server(options) && options->engine != REIN_ENGINE_LLAMA_C_API) {
        return rein_i_invalid(REIN_HERE, "engine is {i}; it must be a rein_engine",
                              (uint64_t)(int64_t)options->engine, 0, 0);
    }
    return rein_done();
}

/* Checks a number that is stated, or sets the default. */
static rein_result_void resolve_number(rein_engine_settings *settings, const number_rule *rule) {
    rein_engine_options *options = &settings->options;
    rein_fact_u64 *number = (rein_fact_u64 *)(void *)((char *)options + rule->offset);
    if (!number->is_known) {
        *number = is_server(options) ? rule->server_value : rule->c_api_value;
        settings->defaults |= rule->option;
        return rein_done();
    }
    if (number->value < rule->least || number->value > rule->most) {
        return rein_i_malformed(REIN_HERE, "{text} is {u}; it must be from {u} to {u}",
                                number->value, rule->least, rule->most, rule->name);
    }
    return rein_done();
}

static rein_result_void resolve_type(rein_engine_settings *settings, rein_cache_type *type,
                                     const char *name, uint32_t option) {
    if (*type == REIN_CACHE_UNSET) {
        *type = REIN_CACHE_F16;
        settings->defaults |= option;
    }
    if (rein_i_cache_type_layout(*type) == NULL) {
        return rein_i_malformed(REIN_HERE, "{text} is {i}; it must be a rein_cache_type",
                                (uint64_t)(int64_t)*type, 0, 0, name);
    }
    return rein_done();
}

static rein_result_void resolve_switch(rein_engine_settings *settings, rein_switch *setting,
                                       rein_switch engine_default, const char *name,
                                       uint32_t option) {
    if (*setting == REIN_SWITCH_UNSET) {
        *setting = engine_default;
        settings->defaults |= option;
    }
    bool may_be_auto = option == REIN_OPTION_FLASH_ATTENTION;
    if (*setting != REIN_SWITCH_OFF && *setting != REIN_SWITCH_ON &&
        !(may_be_auto && *setting == REIN_SWITCH_AUTO)) {
        return rein_i_malformed(REIN_HERE, "{text} has the value {i} of rein_switch; set on or off",
                                (uint64_t)(int64_t)*setting, 0, 0, name);
    }
    return rein_done();
}

static rein_result_void resolve_switches(rein_engine_settings *settings) {
    rein_engine_options *options = &settings->options;
    bool is_parallel_default = (settings->defaults & REIN_OPTION_PARALLEL) != 0;
    rein_switch unified =
        is_server(options) && is_parallel_default ? REIN_SWITCH_ON : REIN_SWITCH_OFF;
    REIN_TRY(rein_result_void, resolve_switch(settings, &options->flash_attention, REIN_SWITCH_AUTO,
                                              "flash_attention", REIN_OPTION_FLASH_ATTENTION));
    REIN_TRY(rein_result_void, resolve_switch(settings, &options->unified_kv, unified, "unified_kv",
                                              REIN_OPTION_UNIFIED_KV));
    return resolve_switch(settings, &options->swa_full,
                          is_server(options) ? REIN_SWITCH_OFF : REIN_SWITCH_ON, "swa_full",
                          REIN_OPTION_SWA_FULL);
}

/* Checks the rules about several options. */
static rein_result_void check_together(const rein_engine_settings *settings) {
    const rein_engine_options *options = &settings->options;
    const cache_type_layout *v_layout = rein_i_cache_type_layout(options->v_type);
    if (cache_type_is_quantised(v_layout) && options->flash_attention == REIN_SWITCH_OFF) {
        return rein_i_malformed(
            REIN_HERE,
            "v_type is {text}, a quantised type, and flash_attention is off; set "
            "flash_attention to on, or v_type to f16",
            0, 0, 0, v_layout->name);
    }
    if (is_server(options) && (settings->defaults & REIN_OPTION_PARALLEL) != 0 &&
        options->unified_kv == REIN_SWITCH_OFF) {
        return rein_i_invalid(REIN_HERE,
                              "unified_kv is off and parallel is not stated: llama-server then "
                              "sets unified_kv to on; state parallel too",
                              0, 0, 0);
    }
    return rein_done();
}

static rein_result_void resolve(rein_engine_settings *settings) {
    rein_engine_options *options = &settings->options;
    for (size_t index = 0; index < sizeof numbers / sizeof numbers[0]; index++) {
        REIN_TRY(rein_result_void, resolve_number(settings, &numbers[index]));
    }
    REIN_TRY(rein_result_void,
             resolve_type(settings, &options->k_type, "k_type", REIN_OPTION_K_TYPE));
    REIN_TRY(rein_result_void,
             resolve_type(settings, &options->v_type, "v_type", REIN_OPTION_V_TYPE));
    REIN_TRY(rein_result_void, resolve_switches(settings));
    return check_together(settings);
}

rein_result_engine_settings rein_engine_options_resolve(const rein_engine_options *options) {
    REIN_TRY(rein_result_engine_settings, check_known_values(options));
    rein_engine_settings settings = {.options = *options, .defaults = 0};
    REIN_TRY(rein_result_engine_settings, resolve(&settings));
    return rein_result_engine_settings_ok(settings);
}
