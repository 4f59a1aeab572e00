#include "models/engine.h"

#include "expect.h"

enum { ALL_OPTIONS = (1 << 10) - 1 };

static rein_engine_settings resolve(rein_engine_options options) {
    return REIN_UNWRAP(rein_engine_options_resolve(&options));
}

/* Expects InvalidArgument about this option or value. */
static void expect_refused(rein_engine_options options, const char *text) {
    rein_result_engine_settings result = rein_engine_options_resolve(&options);
    cr_assert(!result.is_ok, "the options are refused: %s", text);
    expect_code(&REIN_ERROR(result), REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(is_same_text(REIN_ERROR(result).foreign_text, text), "'%s' is named, expected '%s'",
              REIN_ERROR(result).foreign_text, text);
}

static rein_engine_options server(void) {
    return rein_engine_options_make(REIN_ENGINE_LLAMA_SERVER);
}

static rein_engine_options c_api(void) {
    return rein_engine_options_make(REIN_ENGINE_LLAMA_C_API);
}

Test(engine, names_are_read_back) {
    static const rein_engine engines[] = {REIN_ENGINE_LLAMA_SERVER, REIN_ENGINE_LLAMA_C_API};
    for (size_t i = 0; i < 2; i++) {
        cr_assert(REIN_UNWRAP(rein_engine_parse(rein_engine_name(engines[i]))) == engines[i]);
        cr_assert(is_same_text(rein_engine_version(engines[i]), "llama.cpp v0.5.0"));
    }
    for (int value = -1; value <= 3; value += 4) {
        cr_assert(is_same_text(rein_engine_name((rein_engine)value), "unknown"));
        cr_assert(is_same_text(rein_engine_version((rein_engine)value), "unknown"));
    }
}

Test(engine, other_texts_are_not_engines) {
    static const char *const texts[] = {"", "vllm", "llama-server ", "Llama-server", "unknown"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        rein_result_engine result = rein_engine_parse(texts[i]);
        expect_code(&REIN_ERROR(result), REIN_ERROR_INVALID_ARGUMENT);
        cr_assert(is_same_text(REIN_ERROR(result).foreign_text, texts[i]));
    }
}

Test(cache_type, names_are_read_back) {
    static const char *const names[] = {"f32",  "f16",  "bf16", "q8_0",  "q5_1",
                                        "q5_0", "q4_1", "q4_0", "iq4_nl"};
    for (int i = 0; i < 9; i++) {
        rein_cache_type type = REIN_UNWRAP(rein_cache_type_parse(names[i]));
        cr_assert((int)type == i + 1, "%s is %d", names[i], type);
        cr_assert(is_same_text(rein_cache_type_name(type), names[i]));
    }
    cr_assert(is_same_text(rein_cache_type_name(REIN_CACHE_UNSET), "unset"));
    cr_assert(is_same_text(rein_cache_type_name((rein_cache_type)10), "unknown"));
    cr_assert(is_same_text(rein_cache_type_name((rein_cache_type)-1), "unknown"));
}

Test(cache_type, other_texts_are_not_types) {
    static const char *const texts[] = {"", "q8", "Q8_0", "unset", "f64"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        rein_result_cache_type result = rein_cache_type_parse(texts[i]);
        expect_code(&REIN_ERROR(result), REIN_ERROR_INVALID_ARGUMENT);
        cr_assert(is_same_text(REIN_ERROR(result).foreign_text, texts[i]));
    }
}

Test(switch, names_are_read_back) {
    static const rein_switch settings[] = {REIN_SWITCH_OFF, REIN_SWITCH_ON, REIN_SWITCH_AUTO};
    for (size_t i = 0; i < 3; i++) {
        cr_assert(REIN_UNWRAP(rein_switch_parse(rein_switch_name(settings[i]))) == settings[i]);
    }
    cr_assert(is_same_text(rein_switch_name(REIN_SWITCH_UNSET), "unset"));
    cr_assert(is_same_text(rein_switch_name((rein_switch)4), "unknown"));
    cr_assert(is_same_text(rein_switch_name((rein_switch)-1), "unknown"));
    static const char *const texts[] = {"", "unset", "On", "1"};
    for (size_t i = 0; i < 4; i++) {
        rein_result_switch result = rein_switch_parse(texts[i]);
        expect_code(&REIN_ERROR(result), REIN_ERROR_INVALID_ARGUMENT);
    }
}

static void expect_defaults(const rein_engine_options *options) {
    cr_assert(options->batch.is_known && options->batch.value == 2048);
    cr_assert(options->ubatch.is_known && options->ubatch.value == 512);
    cr_assert(options->gpu_layers.is_known && options->gpu_layers.value == UINT64_MAX);
    cr_assert(options->k_type == REIN_CACHE_F16 && options->v_type == REIN_CACHE_F16);
    cr_assert(options->flash_attention == REIN_SWITCH_AUTO);
}

Test(resolve, fills_in_the_defaults_of_llama_server) {
    rein_engine_settings settings = resolve(server());
    expect_defaults(&settings.options);
    cr_assert(!settings.options.context.is_known, "the engine chooses the context");
    cr_assert(settings.options.parallel.value == 4);
    cr_assert(settings.options.unified_kv == REIN_SWITCH_ON);
    cr_assert(settings.options.swa_full == REIN_SWITCH_OFF);
    cr_assert(settings.defaults == ALL_OPTIONS, "all options are defaults: %x", settings.defaults);
}

Test(resolve, fills_in_the_defaults_of_the_c_api) {
    rein_engine_settings settings = resolve(c_api());
    expect_defaults(&settings.options);
    cr_assert(settings.options.context.is_known && settings.options.context.value == 512);
    cr_assert(settings.options.parallel.value == 1);
    cr_assert(settings.options.unified_kv == REIN_SWITCH_OFF);
    cr_assert(settings.options.swa_full == REIN_SWITCH_ON);
    cr_assert(settings.defaults == ALL_OPTIONS, "all options are defaults: %x", settings.defaults);
}

Test(resolve, does_not_unify_stated_sequences) {
    rein_engine_options options = server();
    options.parallel = rein_fact_u64_known(4);
    rein_engine_settings settings = resolve(options);
    cr_assert(settings.options.unified_kv == REIN_SWITCH_OFF);
    cr_assert((settings.defaults & REIN_OPTION_UNIFIED_KV) != 0);
    options.unified_kv = REIN_SWITCH_ON;
    settings = resolve(options);
    cr_assert(settings.options.unified_kv == REIN_SWITCH_ON);
    cr_assert((settings.defaults & REIN_OPTION_UNIFIED_KV) == 0);
}

Test(resolve, keeps_what_is_stated) {
    rein_engine_options options = server();
    options.context = rein_fact_u64_known(0);
    options.parallel = rein_fact_u64_known(256);
    options.batch = rein_fact_u64_known(1);
    options.ubatch = rein_fact_u64_known(0);
    options.gpu_layers = rein_fact_u64_known(0);
    options.k_type = REIN_CACHE_IQ4_NL;
    options.v_type = REIN_CACHE_Q8_0;
    options.flash_attention = REIN_SWITCH_ON;
    options.unified_kv = REIN_SWITCH_OFF;
    options.swa_full = REIN_SWITCH_ON;
    rein_engine_settings settings = resolve(options);
    const rein_engine_options *kept = &settings.options;
    cr_assert(kept->context.is_known && kept->context.value == 0);
    cr_assert(kept->parallel.value == 256 && kept->batch.value == 1);
    cr_assert(kept->ubatch.is_known && kept->ubatch.value == 0);
    cr_assert(kept->gpu_layers.is_known && kept->gpu_layers.value == 0);
    cr_assert(kept->k_type == options.k_type && kept->v_type == options.v_type);
    cr_assert(kept->flash_attention == REIN_SWITCH_ON && kept->unified_kv == REIN_SWITCH_OFF);
    cr_assert(kept->swa_full == REIN_SWITCH_ON && settings.defaults == 0);
}

Test(resolve, refuses_numbers_outside_their_range) {
    static const struct {
        const char *name;
        size_t offset;
        uint64_t least;
        uint64_t most;
    } rows[] = {
        {"context", offsetof(rein_engine_options, context), 0, INT32_MAX},
        {"parallel", offsetof(rein_engine_options, parallel), 1, 256},
        {"batch", offsetof(rein_engine_options, batch), 1, INT32_MAX},
        {"ubatch", offsetof(rein_engine_options, ubatch), 0, INT32_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rein_engine_options options = c_api();
        rein_fact_u64 *number = (rein_fact_u64 *)(void *)((char *)&options + rows[i].offset);
        *number = rein_fact_u64_known(rows[i].most);
        REIN_UNWRAP(rein_engine_options_resolve(&options));
        *number = rein_fact_u64_known(rows[i].least);
        REIN_UNWRAP(rein_engine_options_resolve(&options));
        *number = rein_fact_u64_known(rows[i].most + 1);
        expect_refused(options, rows[i].name);
        if (rows[i].least > 0) {
            *number = rein_fact_u64_known(rows[i].least - 1);
            expect_refused(options, rows[i].name);
        }
    }
}

Test(resolve, refuses_values_that_are_not_known) {
    rein_engine_options options = server();
    options.k_type = (rein_cache_type)10;
    expect_refused(options, "k_type");
    options = server();
    options.v_type = (rein_cache_type)-1;
    expect_refused(options, "v_type");
    options = server();
    options.flash_attention = (rein_switch)4;
    expect_refused(options, "flash_attention");
    options = server();
    options.unified_kv = REIN_SWITCH_AUTO;
    expect_refused(options, "unified_kv");
    options = server();
    options.swa_full = REIN_SWITCH_AUTO;
    expect_refused(options, "swa_full");
    options = server();
    options.engine = (rein_engine)3;
    expect_refused(options, "");
    options = server();
    options.struct_size--;
    expect_refused(options, "");
    rein_result_engine_settings result = rein_engine_options_resolve(NULL);
    expect_code(&REIN_ERROR(result), REIN_ERROR_INVALID_ARGUMENT);
}

Test(resolve, refuses_a_quantised_v_without_flash_attention) {
    for (int type = REIN_CACHE_F32; type <= REIN_CACHE_IQ4_NL; type++) {
        rein_engine_options options = c_api();
        options.v_type = (rein_cache_type)type;
        options.flash_attention = REIN_SWITCH_AUTO;
        REIN_UNWRAP(rein_engine_options_resolve(&options));
        options.flash_attention = REIN_SWITCH_OFF;
        if (type <= REIN_CACHE_BF16) {
            REIN_UNWRAP(rein_engine_options_resolve(&options));
        } else {
            expect_refused(options, rein_cache_type_name((rein_cache_type)type));
        }
    }
}

Test(resolve, refuses_what_llama_server_would_ignore) {
    rein_engine_options options = server();
    options.unified_kv = REIN_SWITCH_OFF;
    expect_refused(options, "");
    options.parallel = rein_fact_u64_known(4);
    REIN_UNWRAP(rein_engine_options_resolve(&options));
    options = c_api();
    options.unified_kv = REIN_SWITCH_OFF;
    REIN_UNWRAP(rein_engine_options_resolve(&options));
}
