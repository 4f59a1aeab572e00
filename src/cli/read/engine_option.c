#include "cli/read/engine_option.h"

#include "cli/base/numbers.h"

static rein_result_void set_engine(const char *text, rein_engine_options *options) {
    options->engine = REIN_TRY(rein_result_void, rein_engine_parse(text));
    return rein_done();
}

static rein_result_void set_kv_type(const char *text, rein_engine_options *options) {
    enum { TYPE_CAPACITY = 16 };
    const char *comma = strchr(text, ',');
    const char *v_text = comma == NULL ? text : comma + 1;
    char k_text[TYPE_CAPACITY] = {0};
    size_t length = comma == NULL ? strlen(text) : (size_t)(comma - text);
    /* A longer text is not the name of a type, and its beginning is not either. */
    memcpy(k_text, text, length < sizeof k_text ? length : sizeof k_text - 1);
    rein_cache_type k_type = REIN_TRY(rein_result_void, rein_cache_type_parse(k_text));
    options->v_type = REIN_TRY(rein_result_void, rein_cache_type_parse(v_text));
    options->k_type = k_type;
    return rein_done();
}

static rein_result_void set_number(const char *text, rein_fact_u64 *out_fact) {
    uint64_t number = 0;
    if (!parse_unsigned(text, UINT64_MAX, &number)) {
        return rein_result_void_fail(rein_error_with_text(
            rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                            "'{text}' is not a whole number from 0 to 2^64 - 1"),
            text));
    }
    *out_fact = rein_fact_u64_known(number);
    return rein_done();
}

static rein_result_void set_switch(const char *text, rein_switch *out_switch) {
    *out_switch = REIN_TRY(rein_result_void, rein_switch_parse(text));
    return rein_done();
}

rein_result_void engine_option_set(engine_option option, const char *text,
                                   rein_engine_options *options) {
    switch (option) {
    case ENGINE_OPTION_NAME:
        return set_engine(text, options);
    case ENGINE_OPTION_CONTEXT:
        return set_number(text, &options->context);
    case ENGINE_OPTION_PARALLEL:
        return set_number(text, &options->parallel);
    case ENGINE_OPTION_KV_TYPE:
        return set_kv_type(text, options);
    case ENGINE_OPTION_BATCH:
        return set_number(text, &options->batch);
    case ENGINE_OPTION_UBATCH:
        return set_number(text, &options->ubatch);
    case ENGINE_OPTION_FLASH_ATTENTION:
        return set_switch(text, &options->flash_attention);
    case ENGINE_OPTION_UNIFIED_KV:
        return set_switch(text, &options->unified_kv);
    case ENGINE_OPTION_SWA_FULL:
        return set_switch(text, &options->swa_full);
    case ENGINE_OPTION_GPU_LAYERS:
        return set_number(text, &options->gpu_layers);
    case ENGINE_OPTION_COUNT:
        break;
    }
    return rein_done();
}
