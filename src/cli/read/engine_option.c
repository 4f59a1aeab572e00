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

static const char not_a_number[] = "'{text}' is not a whole number from 0 to 2^64 - 1";

static rein_result_void set_number(const char *text, const char *refusal, rein_fact_u64 *out_fact) {
    uint64_t number = 0;
    if (!parse_unsigned(text, UINT64_MAX, &number)) {
        return rein_result_void_fail(rein_error_with_text(
            rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE, refusal), text));
    }
    *out_fact = rein_fact_u64_known(number);
    return rein_done();
}

static rein_result_void set_context(const char *text, rein_engine_options *options) {
    return set_number(text, not_a_number, &options->context);
}

static rein_result_void set_parallel(const char *text, rein_engine_options *options) {
    return set_number(text, not_a_number, &options->parallel);
}

static rein_result_void set_batch(const char *text, rein_engine_options *options) {
    return set_number(text, not_a_number, &options->batch);
}

static rein_result_void set_ubatch(const char *text, rein_engine_options *options) {
    return set_number(text, not_a_number, &options->ubatch);
}

static rein_result_void set_gpu_layers(const char *text, rein_engine_options *options) {
    if (strcmp(text, "all") == 0) {
        options->gpu_layers = rein_fact_u64_known(UINT64_MAX);
        return rein_done();
    }
    return set_number(text, "'{text}' is not a number of layers; write a whole number, or all",
                      &options->gpu_layers);
}

static rein_result_void set_flash_attention(const char *text, rein_engine_options *options) {
    options->flash_attention = REIN_TRY(rein_result_void, rein_switch_parse(text));
    return rein_done();
}

static rein_result_void set_unified_kv(const char *text, rein_engine_options *options) {
    options->unified_kv = REIN_TRY(rein_result_void, rein_switch_parse(text));
    return rein_done();
}

static rein_result_void set_swa_full(const char *text, rein_engine_options *options) {
    options->swa_full = REIN_TRY(rein_result_void, rein_switch_parse(text));
    return rein_done();
}

rein_result_void engine_option_set(engine_option option, const char *text,
                                   rein_engine_options *options) {
    static rein_result_void (*const setters[ENGINE_OPTION_COUNT])(const char *,
                                                                  rein_engine_options *) = {
        [ENGINE_OPTION_NAME] = set_engine,
        [ENGINE_OPTION_CONTEXT] = set_context,
        [ENGINE_OPTION_PARALLEL] = set_parallel,
        [ENGINE_OPTION_KV_TYPE] = set_kv_type,
        [ENGINE_OPTION_BATCH] = set_batch,
        [ENGINE_OPTION_UBATCH] = set_ubatch,
        [ENGINE_OPTION_FLASH_ATTENTION] = set_flash_attention,
        [ENGINE_OPTION_UNIFIED_KV] = set_unified_kv,
        [ENGINE_OPTION_SWA_FULL] = set_swa_full,
        [ENGINE_OPTION_GPU_LAYERS] = set_gpu_layers,
    };
    return setters[option](text, options);
}
