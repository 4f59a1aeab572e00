#include <criterion/criterion.h>
#include <stdio.h>

#include "expect.h"
#include "json_file.h"
#include "models/config.h"

static json_file storage;

static rein_config read_text(const char *text) {
    return REIN_UNWRAP(rein_config_read(json_file_of(&storage, text)));
}

/* Expects that the shape of the cache is not known because of the key. */
static void expect_unknown(const char *text, const char *key) {
    rein_config config = read_text(text);
    cr_assert(config.unknown_reason != NULL && config.unknown_reason[0] != '\0', "%s", text);
    cr_assert_str_eq(config.unknown_key, key, "%s: %s", text, config.unknown_reason);
    cr_assert(!config.is_latent && !config.full_layer_count.is_known &&
              !config.sliding_layer_count.is_known && !config.window_tokens.is_known &&
              !config.layer_elements.is_known);
    rein_config_cache_options options = rein_config_cache_options_make();
    options.context_tokens = 1;
    rein_config_cache cache = REIN_UNWRAP(rein_config_cache_compute(&config, &options));
    cr_assert(!cache.token_bytes.is_known && !cache.cache_bytes.is_known &&
              !cache.layer_block_bytes.is_known && !cache.cache_bytes_without_windows.is_known);
    cr_assert(cache.unknown_reason == config.unknown_reason);
    cr_assert_str_eq(cache.unknown_key, key);
}

/* Expects so many layers of each kind, and this window unless it is 0. */
static rein_config expect_layers(const char *text, uint64_t full, uint64_t sliding,
                                 uint64_t window) {
    rein_config config = read_text(text);
    cr_assert(config.unknown_reason == NULL, "%s: %s", text, config.unknown_reason);
    cr_assert(config.full_layer_count.is_known && config.full_layer_count.value == full, "%s",
              text);
    cr_assert(config.sliding_layer_count.is_known && config.sliding_layer_count.value == sliding,
              "%s", text);
    cr_assert(config.window_tokens.is_known == (window > 0), "%s", text);
    cr_assert(window == 0 || config.window_tokens.value == window, "%s", text);
    return config;
}

static void expect_elements(const char *text, uint64_t elements) {
    rein_config config = read_text(text);
    cr_assert(config.unknown_reason == NULL, "%s: %s", text, config.unknown_reason);
    cr_assert(config.layer_elements.is_known && config.layer_elements.value == elements,
              "%s: %llu elements, expected %llu", text,
              (unsigned long long)config.layer_elements.value, (unsigned long long)elements);
}

/* Expects an input with a number. */
static void expect_input(const rein_config *config, const char *key, rein_config_source source,
                         uint64_t number) {
    for (size_t i = 0; i < config->input_count; i++) {
        const rein_config_input *input = &config->inputs[i];
        if (is_same_text(input->key, key)) {
            cr_assert(input->source == source, "%s", key);
            cr_assert(input->number.is_known && input->number.value == number, "%s", key);
            cr_assert_str_empty(input->text);
            return;
        }
    }
    cr_assert_fail("%s is not an input", key);
}

/* Returns the cache of one sequence with 8192 tokens, in blocks of 16. */
static rein_config_cache paged_cache(const char *text) {
    rein_config config = read_text(text);
    rein_config_cache_options options = rein_config_cache_options_make();
    options.context_tokens = 8192;
    options.block_tokens = 16;
    options.step_tokens = 2048;
    rein_config_cache cache = REIN_UNWRAP(rein_config_cache_compute(&config, &options));
    cr_assert(cache.unknown_reason == NULL, "%s", cache.unknown_reason);
    return cache;
}

static const char llama[] =
    "{\"architectures\":[\"LlamaForCausalLM\"],\"hidden_size\":4096,\"model_type\":\"llama\","
    "\"num_attention_heads\":32,\"num_hidden_layers\":32,\"num_key_value_heads\":8,"
    "\"rope_scaling\":{\"factor\":8.0,\"x\":[1,[2]]},\"torch_dtype\":\"bfloat16\"}";

static const char gemma3[] =
    "{\"model_type\":\"gemma3\",\"num_hidden_layers\":1,\"text_config\":{\"hidden_size\":2560,"
    "\"model_type\":\"gemma3_text\",\"num_hidden_layers\":34,\"sliding_window\":1024},"
    "\"torch_dtype\":\"bfloat16\",\"vision_config\":{\"num_hidden_layers\":27}}";

static const char deepseek[] =
    "{\"kv_lora_rank\":512,\"model_type\":\"deepseek_v3\",\"num_attention_heads\":128,"
    "\"num_hidden_layers\":61,\"num_key_value_heads\":128,\"num_nextn_predict_layers\":1,"
    "\"qk_nope_head_dim\":128,\"qk_rope_head_dim\":64,\"torch_dtype\":\"bfloat16\","
    "\"quantization_config\":{\"fmt\":\"e4m3\",\"quant_method\":\"fp8\"},\"v_head_dim\":128}";

Test(read, knows_grouped_heads) {
    rein_config config = expect_layers(llama, 32, 0, 0);
    cr_assert_str_eq(config.model_type, "llama");
    cr_assert(!config.is_latent && config.layer_elements.value == UINT64_C(2) * 8 * 128);
    cr_assert(config.element_bits.is_known && config.element_bits.value == 16);
    cr_assert_str_eq(config.element_key, "torch_dtype");
    expect_input(&config, "num_hidden_layers", REIN_CONFIG_FROM_FILE, 32);
    expect_input(&config, "num_attention_heads", REIN_CONFIG_FROM_FILE, 32);
    expect_input(&config, "num_key_value_heads", REIN_CONFIG_FROM_FILE, 8);
    expect_input(&config, "hidden_size", REIN_CONFIG_FROM_FILE, 4096);
    expect_input(&config, "head_dim", REIN_CONFIG_DEFAULT, 128);
    cr_assert_str_eq(config.inputs[0].key, "model_type");
    cr_assert_str_eq(config.inputs[0].text, "llama");
    cr_assert(!config.inputs[0].number.is_known);
    cr_assert(!storage.memory.has_read_outside);
}

Test(read, knows_a_nested_configuration_with_defaults) {
    rein_config config = expect_layers(gemma3, 5, 29, 1024);
    cr_assert_str_eq(config.model_type, "gemma3_text");
    cr_assert(config.layer_elements.value == UINT64_C(2) * 4 * 256);
    cr_assert(config.element_bits.value == 16);
    expect_input(&config, "num_key_value_heads", REIN_CONFIG_DEFAULT, 4);
    expect_input(&config, "head_dim", REIN_CONFIG_DEFAULT, 256);
    expect_input(&config, "sliding_window_pattern", REIN_CONFIG_DEFAULT, 6);
    expect_input(&config, "sliding_window", REIN_CONFIG_FROM_FILE, 1024);
}

Test(read, knows_latent_vectors) {
    rein_config config = expect_layers(deepseek, 61, 0, 0);
    cr_assert(config.is_latent && config.layer_elements.value == 576);
    expect_elements("{\"model_type\":\"deepseek_v2\",\"kv_lora_rank\":256}", 320);
    expect_unknown("{\"model_type\":\"deepseek_v2\",\"kv_lora_rank\":null}", "kv_lora_rank");
    expect_unknown("{\"model_type\":\"deepseek_v2\",\"qk_rope_head_dim\":0}", "qk_rope_head_dim");
    expect_unknown("{\"model_type\":\"deepseek_v2\",\"kv_lora_rank\":18446744073709551615}",
                   "kv_lora_rank");
}

/* The defaults of each type, as elements of a token and layers of each kind. */
Test(read, knows_the_defaults_of_each_type) {
    static const struct {
        const char *name;
        uint64_t elements;
        uint64_t full;
        uint64_t sliding;
        uint64_t window;
    } types[] = {{"cohere", UINT64_C(2) * 64 * 128, 40, 0, 0},
                 {"cohere2", UINT64_C(2) * 64 * 128, 10, 30, 4096},
                 {"deepseek_v2", 576, 32, 0, 0},
                 {"deepseek_v3", 576, 61, 0, 0},
                 {"gemma", UINT64_C(2) * 16 * 256, 28, 0, 0},
                 {"gemma2", UINT64_C(2) * 4 * 256, 13, 13, 4096},
                 {"gemma3_text", UINT64_C(2) * 4 * 256, 4, 22, 4096},
                 {"glm4", UINT64_C(2) * 2 * 128, 40, 0, 0},
                 {"gpt_neox", UINT64_C(2) * 64 * 96, 44, 0, 0},
                 {"gpt_oss", UINT64_C(2) * 8 * 64, 18, 18, 128},
                 {"granite", UINT64_C(2) * 32 * 128, 32, 0, 0},
                 {"kimi_k2", 576, 61, 0, 0},
                 {"llama", UINT64_C(2) * 32 * 128, 32, 0, 0},
                 {"ministral3", UINT64_C(2) * 8 * 128, 34, 0, 0},
                 {"mistral", UINT64_C(2) * 8 * 128, 0, 32, 4096},
                 {"mixtral", UINT64_C(2) * 8 * 128, 32, 0, 0},
                 {"olmo2", UINT64_C(2) * 32 * 128, 32, 0, 0},
                 {"olmo3", UINT64_C(2) * 32 * 128, 8, 24, 4096},
                 {"olmoe", UINT64_C(2) * 16 * 128, 16, 0, 0},
                 {"phi", UINT64_C(2) * 32 * 64, 24, 0, 0},
                 {"phi3", UINT64_C(2) * 32 * 96, 32, 0, 0},
                 {"qwen2", UINT64_C(2) * 32 * 128, 32, 0, 0},
                 {"qwen2_moe", UINT64_C(2) * 16 * 128, 24, 0, 0},
                 {"qwen3", UINT64_C(2) * 32 * 128, 32, 0, 0},
                 {"qwen3_moe", UINT64_C(2) * 4 * 64, 24, 0, 0},
                 {"qwen3_vl_moe_text", UINT64_C(2) * 16 * 128, 24, 0, 0},
                 {"qwen3_vl_text", UINT64_C(2) * 32 * 128, 32, 0, 0},
                 {"seed_oss", UINT64_C(2) * 8 * 128, 64, 0, 0},
                 {"smollm3", UINT64_C(2) * 4 * 128, 36, 0, 0},
                 {"starcoder2", UINT64_C(2) * 2 * 128, 30, 0, 0}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "{\"model_type\":\"%s\"}", types[i].name);
        expect_layers(text, types[i].full, types[i].sliding, types[i].window);
        expect_elements(text, types[i].elements);
        cr_assert(!read_text(text).element_bits.is_known, "the file does not state it");
    }
    expect_elements("{\"model_type\":\"glm4_moe\",\"head_dim\":128}", UINT64_C(2) * 8 * 128);
}

Test(read, derives_missing_head_counts_and_sizes) {
    expect_elements("{\"model_type\":\"llama\",\"num_attention_heads\":8}", UINT64_C(2) * 8 * 512);
    expect_elements("{\"model_type\":\"mistral\",\"num_key_value_heads\":null}",
                    UINT64_C(2) * 32 * 128);
    expect_elements("{\"model_type\":\"gpt_oss\",\"head_dim\":null}", UINT64_C(2) * 8 * 45);
    expect_elements("{\"model_type\":\"llama\",\"head_dim\":80,\"hidden_size\":1}",
                    UINT64_C(2) * 32 * 80);
    expect_unknown("{\"model_type\":\"llama\",\"hidden_size\":4097}", "hidden_size");
    expect_unknown("{\"model_type\":\"llama\",\"hidden_size\":null}", "hidden_size");
    expect_unknown("{\"model_type\":\"glm4_moe\"}", "hidden_size");
}

Test(read, knows_windows_in_all_layers) {
    expect_layers("{\"model_type\":\"mistral\",\"sliding_window\":null}", 32, 0, 0);
    expect_layers("{\"model_type\":\"phi3\",\"sliding_window\":2047}", 0, 32, 2047);
    expect_unknown("{\"model_type\":\"phi3\",\"sliding_window\":0}", "sliding_window");
    expect_unknown("{\"model_type\":\"phi3\",\"sliding_window\":\"2047\"}", "sliding_window");
    expect_unknown("{\"model_type\":\"llama\",\"sliding_window\":4096}", "sliding_window");
    expect_layers("{\"model_type\":\"llama\",\"sliding_window\":null}", 32, 0, 0);
}

Test(read, knows_windows_that_are_switched_on) {
    expect_layers("{\"model_type\":\"qwen2\",\"use_sliding_window\":false,"
                  "\"sliding_window\":131072}",
                  32, 0, 0);
    expect_layers("{\"model_type\":\"qwen2\",\"use_sliding_window\":null}", 32, 0, 0);
    rein_config config =
        expect_layers("{\"model_type\":\"qwen2\",\"use_sliding_window\":true}", 28, 4, 4096);
    expect_input(&config, "use_sliding_window", REIN_CONFIG_FROM_FILE, 1);
    expect_input(&config, "max_window_layers", REIN_CONFIG_DEFAULT, 28);
    expect_layers("{\"model_type\":\"qwen3\",\"use_sliding_window\":true,\"sliding_window\":512,"
                  "\"max_window_layers\":9,\"num_hidden_layers\":12}",
                  9, 3, 512);
    expect_layers("{\"model_type\":\"qwen3\",\"use_sliding_window\":true,"
                  "\"max_window_layers\":0}",
                  0, 32, 4096);
    expect_layers("{\"model_type\":\"qwen3\",\"use_sliding_window\":true,"
                  "\"max_window_layers\":32}",
                  32, 0, 0);
    expect_layers("{\"model_type\":\"qwen3\",\"use_sliding_window\":true,"
                  "\"sliding_window\":null}",
                  32, 0, 0);
    expect_unknown("{\"model_type\":\"qwen3\",\"use_sliding_window\":1}", "use_sliding_window");
    expect_unknown("{\"model_type\":\"qwen3\",\"use_sliding_window\":true,"
                   "\"max_window_layers\":null}",
                   "max_window_layers");
    expect_unknown("{\"model_type\":\"qwen3\",\"use_sliding_window\":true,"
                   "\"sliding_window\":\"x\"}",
                   "sliding_window");
    expect_unknown("{\"model_type\":\"qwen3_moe\",\"use_sliding_window\":true}",
                   "use_sliding_window");
    expect_unknown("{\"model_type\":\"qwen3_moe\",\"use_sliding_window\":[]}",
                   "use_sliding_window");
    expect_layers("{\"model_type\":\"qwen3_moe\",\"use_sliding_window\":false,"
                  "\"sliding_window\":4096}",
                  24, 0, 0);
}

Test(read, knows_windows_by_a_pattern) {
    expect_layers("{\"model_type\":\"cohere2\",\"sliding_window_pattern\":1}", 40, 0, 0);
    expect_layers("{\"model_type\":\"gemma3_text\",\"num_hidden_layers\":5}", 0, 5, 4096);
    expect_layers("{\"model_type\":\"gemma2\",\"sliding_window_pattern\":13}", 13, 13, 4096);
    expect_unknown("{\"model_type\":\"cohere2\",\"sliding_window_pattern\":0}",
                   "sliding_window_pattern");
    expect_unknown("{\"model_type\":\"gemma2\",\"sliding_window\":null}", "sliding_window");
    expect_unknown("{\"model_type\":\"gemma2\",\"sliding_window\":-1}", "sliding_window");
}

#define TYPES(layers) "\"num_hidden_layers\":3,\"layer_types\":[" layers "]}"
#define FULL          "\"full_attention\""
#define SLIDING       "\"sliding_attention\""

Test(read, knows_windows_by_the_types_of_the_layers) {
    rein_config config = expect_layers(
        "{\"model_type\":\"gpt_oss\"," TYPES(SLIDING "," SLIDING "," FULL), 1, 2, 128);
    bool is_input = false;
    for (size_t i = 0; i < config.input_count; i++) {
        is_input = is_input || (is_same_text(config.inputs[i].key, "layer_types") &&
                                is_same_text(config.inputs[i].text, "1 full, 2 sliding"));
    }
    cr_assert(is_input);
    expect_layers("{\"model_type\":\"gpt_oss\"," TYPES(FULL "," FULL "," FULL), 3, 0, 0);
    expect_layers("{\"model_type\":\"gpt_oss\",\"layer_types\":null}", 18, 18, 128);
    expect_layers("{\"model_type\":\"qwen3\",\"use_sliding_window\":true,"
                  "\"sliding_window\":512," TYPES(SLIDING "," SLIDING "," FULL),
                  1, 2, 512);
    expect_unknown("{\"model_type\":\"qwen3\"," TYPES(SLIDING "," SLIDING "," FULL),
                   "sliding_window");
    expect_unknown(
        "{\"model_type\":\"qwen3\",\"use_sliding_window\":0," TYPES(SLIDING "," FULL "," FULL),
        "use_sliding_window");
    expect_layers("{\"model_type\":\"llama\"," TYPES(FULL "," FULL "," FULL), 3, 0, 0);
    expect_unknown("{\"model_type\":\"llama\"," TYPES(FULL "," SLIDING "," FULL), "layer_types");
    expect_unknown("{\"model_type\":\"llama\",\"sliding_window\":1," TYPES(FULL "," FULL "," FULL),
                   "sliding_window");
    expect_layers("{\"model_type\":\"mistral\"," TYPES(SLIDING "," SLIDING "," SLIDING), 0, 3,
                  4096);
    expect_unknown("{\"model_type\":\"mistral\"," TYPES(SLIDING "," FULL "," SLIDING),
                   "layer_types");
}

Test(read, does_not_know_types_of_layers_that_are_incomplete_or_foreign) {
    expect_unknown("{\"model_type\":\"gpt_oss\"," TYPES(FULL "," FULL), "layer_types");
    expect_unknown("{\"model_type\":\"gpt_oss\"," TYPES(FULL "," FULL "," FULL "," FULL),
                   "layer_types");
    expect_unknown("{\"model_type\":\"gpt_oss\"," TYPES(FULL "," FULL ",7"), "layer_types");
    expect_unknown("{\"model_type\":\"gpt_oss\"," TYPES(FULL "," FULL ",[[" FULL "]]"),
                   "layer_types");
    expect_unknown("{\"model_type\":\"gpt_oss\",\"layer_types\":\"full_attention\"}",
                   "layer_types");
    expect_unknown(
        "{\"model_type\":\"gpt_oss\"," TYPES(FULL ",\"linear_attention\",\"chunked_attention\""),
        "linear_attention");
}

Test(read, does_not_know_foreign_types_and_mechanisms) {
    expect_unknown("{}", "model_type");
    expect_unknown("{\"model_type\":7}", "model_type");
    expect_unknown("{\"model_type\":\"\"}", "model_type");
    expect_unknown("{\"model_type\":\"mamba2\",\"time_step_limit\":[0.0,Infinity]}", "model_type");
    expect_unknown("{\"model_type\":\"llama\\u0000\"}", "model_type");
    expect_unknown("{\"model_type\":\"llama\\u0000 and more text than the capacity of a text, "
                   "which is 64\"}",
                   "model_type");
    expect_unknown("{\"model_type\":\"llama_of_a_name_that_is_longer_than_the_capacity_of_a_text_"
                   "which_is_64\"}",
                   "model_type");
    expect_unknown("{\"model_type\":\"llama\",\"text_config\":{}}", "model_type");
    expect_unknown("{\"model_type\":\"jamba\",\"mamba_d_state\":16}", "mamba_d_state");
    expect_unknown("{\"attention_chunk_size\":8192,\"text_config\":{\"model_type\":\"llama\"}}",
                   "attention_chunk_size");
    expect_unknown("{\"model_type\":\"llama\",\"attention_chunk_size\":8192}",
                   "attention_chunk_size");
    expect_unknown("{\"model_type\":\"llama\",\"is_encoder_decoder\":true}", "is_encoder_decoder");
    expect_unknown("{\"model_type\":\"llama\",\"block_configs\":[{}],\"index_topk\":1}",
                   "block_configs");
    expect_unknown("{\"model_type\":\"llama\",\"index_topk\":0.5}", "index_topk");
    expect_unknown("{\"index_topk\":2048,\"text_config\":{\"model_type\":\"llama\"}}",
                   "index_topk");
    expect_layers("{\"model_type\":\"llama\",\"attention_chunk_size\":null,"
                  "\"is_encoder_decoder\":false,\"num_kv_shared_layers\":0}",
                  32, 0, 0);
}

Test(read, does_not_know_values_that_are_not_whole_numbers_above_0) {
    static const char *const keys[] = {"num_hidden_layers", "num_attention_heads",
                                       "num_key_value_heads", "head_dim"};
    static const char *const values[] = {"0",   "-1",   "1.5",       "1e3", "\"8\"",
                                         "[8]", "true", "{\"a\":1}", "NaN", "18446744073709551616"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        for (size_t k = 0; k < sizeof values / sizeof values[0]; k++) {
            char text[128];
            snprintf(text, sizeof text, "{\"model_type\":\"llama\",\"%s\":%s}", keys[i], values[k]);
            expect_unknown(text, keys[i]);
        }
    }
    expect_unknown("{\"model_type\":\"llama\",\"head_dim\":9223372036854775808}", "head_dim");
    expect_unknown("{\"model_type\":\"llama\",\"head_dim\":288230376151711744}", "head_dim");
}

Test(read, knows_the_bits_of_an_element) {
    static const struct {
        const char *name;
        uint64_t bits;
    } types[] = {{"float64", 64},  {"float32", 32},      {"float16", 16},
                 {"bfloat16", 16}, {"float8_e4m3fn", 8}, {"float8_e5m2", 8}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "{\"dtype\":\"%s\",\"torch_dtype\":\"auto\"}", types[i].name);
        rein_config config = read_text(text);
        cr_assert(config.element_bits.is_known && config.element_bits.value == types[i].bits);
        cr_assert_str_eq(config.element_key, "dtype");
    }
    cr_assert(!read_text("{\"dtype\":\"auto\"}").element_bits.is_known);
    cr_assert(!read_text("{\"dtype\":16}").element_bits.is_known);
    cr_assert(!read_text("{\"dtype\":null}").element_bits.is_known);
    rein_config config = read_text("{\"dtype\":\"float32\",\"text_config\":{\"dtype\":null,"
                                   "\"torch_dtype\":\"float16\"}}");
    cr_assert(config.element_bits.value == 16);
    cr_assert_str_eq(config.element_key, "torch_dtype");
}

Test(read, does_not_know_the_bits_if_the_cache_has_its_own_type) {
    rein_config config = read_text("{\"dtype\":\"float16\",\"quantization_config\":"
                                   "{\"kv_cache_scheme\":{\"num_bits\":8}}}");
    cr_assert(!config.element_bits.is_known);
    cr_assert_str_eq(config.element_key, "kv_cache_scheme");
    config = read_text("{\"dtype\":\"float16\",\"quantization_config\":"
                       "{\"kv_cache_scheme\":null,\"kv_cache_quant_algo\":\"FP8\"}}");
    cr_assert_str_eq(config.element_key, "kv_cache_quant_algo");
    cr_assert(
        read_text("{\"dtype\":\"float16\",\"quantization_config\":null}").element_bits.is_known);
    cr_assert(
        read_text("{\"dtype\":\"float16\",\"quantization_config\":{\"kv_cache_scheme\":null}}")
            .element_bits.is_known);
}

static void refused(const char *text, uint64_t offset, const char *name) {
    rein_result_config result = rein_config_read(json_file_of(&storage, text));
    cr_assert(!result.is_ok, "%s is accepted", text);
    expect_code(&result.as.error, REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(result.as.error.numbers[0] == offset, "%s: %llu", text,
              (unsigned long long)result.as.error.numbers[0]);
    cr_assert_str_eq(result.as.error.foreign_text, name);
}

Test(read, refuses_what_is_not_one_object) {
    refused("", 0, "");
    refused("[]", 0, "");
    refused("{} {}", 3, "");
    refused("{\"head_dim\":1,\"head_dim\":1}", 14, "head_dim");
    refused("{\"text_config\":{\"dtype\":1,\"dtype\":1}}", 26, "dtype");
    refused("{\"text_config\":{},\"text_config\":{}}", 18, "text_config");
    cr_assert(read_text("{\"text_config\":null,\"x\":1,\"x\":2}").unknown_reason != NULL);
}

/* Puts each byte of the text at the border of two buffers, and fails each read. */
Test(read, passes_on_the_error_of_each_read) {
    static char text[4096 + 512];
    static const char all[] =
        "{\"x\":1,\"head_dim\":[2],\"layer_types\":[\"a\",[]],\"index_topk\":1,"
        "\"quantization_config\":{\"x\":1},\"text_config\":{\"dtype\":\"a\",\"x\":{}}}";
    for (size_t shift = 4098 - sizeof all; shift < 4096; shift++) {
        memset(text, ' ', shift);
        memcpy(text + shift, all, sizeof all);
        read_text(text);
        cr_assert(storage.memory.read_count == 2);
        for (uint64_t failing = 1; failing <= 2; failing++) {
            storage.memory.read_count = 0;
            storage.memory.failing_read = failing;
            rein_result_config result = rein_config_read(&storage.file);
            cr_assert(!result.is_ok && result.as.error.code == REIN_ERROR_INTERNAL_ERROR);
        }
        cr_assert(!storage.memory.has_read_outside);
    }
}

Test(cache, has_blocks_in_each_layer) {
    rein_config_cache cache = paged_cache(llama);
    cr_assert(cache.token_bytes.value == UINT64_C(131072));
    cr_assert(cache.layer_block_bytes.value == UINT64_C(65536));
    cr_assert(cache.cache_bytes.value == UINT64_C(131072) * 8192);
    cr_assert(cache.cache_bytes_without_windows.value == cache.cache_bytes.value);
    cache = paged_cache(deepseek);
    cr_assert(cache.token_bytes.value == UINT64_C(61) * 1152);
    cr_assert(cache.cache_bytes.value == UINT64_C(61) * 1152 * 8192);
}

Test(cache, has_another_block_in_layers_with_a_window) {
    rein_config_cache cache = paged_cache(gemma3);
    uint64_t block = UINT64_C(16) * 2048 * 2;
    cr_assert(cache.layer_block_bytes.value == block);
    /* ceil((1024 - 1 + 2048) / 16) + 1 = 193 blocks. */
    cr_assert(cache.cache_bytes.value == (UINT64_C(5) * 512 + UINT64_C(29) * 193) * block);
    cr_assert(cache.cache_bytes_without_windows.value == UINT64_C(34) * 512 * block);
}

Test(cache, is_contiguous_without_blocks) {
    rein_config config = read_text(gemma3);
    rein_config_cache_options options = rein_config_cache_options_make();
    options.context_tokens = 8192;
    rein_config_cache cache = REIN_UNWRAP(rein_config_cache_compute(&config, &options));
    cr_assert(!cache.layer_block_bytes.is_known);
    cr_assert(cache.cache_bytes.value == (UINT64_C(5) * 8192 + UINT64_C(29) * 1024) * 2048 * 2);
    options.context_tokens = 1000;
    options.sequence_count = 3;
    options.step_tokens = UINT64_MAX;
    cache = REIN_UNWRAP(rein_config_cache_compute(&config, &options));
    cr_assert(cache.cache_bytes.value == UINT64_C(3) * 34 * 1000 * 2048 * 2);
    options.element_bits = rein_fact_u64_known(8);
    cache = REIN_UNWRAP(rein_config_cache_compute(&config, &options));
    cr_assert(cache.cache_bytes.value == UINT64_C(3) * 34 * 1000 * 2048);
}

Test(cache, is_unknown_without_the_bits_of_an_element) {
    rein_config config = read_text("{\"model_type\":\"llama\"}");
    rein_config_cache_options options = rein_config_cache_options_make();
    options.context_tokens = 1;
    rein_config_cache cache = REIN_UNWRAP(rein_config_cache_compute(&config, &options));
    cr_assert(!cache.cache_bytes.is_known && cache.unknown_reason != NULL);
    cr_assert_str_eq(cache.unknown_key, "dtype");
    options.element_bits = rein_fact_u64_known(16);
    cache = REIN_UNWRAP(rein_config_cache_compute(&config, &options));
    cr_assert(cache.cache_bytes.value == UINT64_C(32) * 32 * 128 * 2 * 2);
}

static void cache_refused(const rein_config *config, const rein_config_cache_options *options) {
    rein_result_config_cache result = rein_config_cache_compute(config, options);
    cr_assert(!result.is_ok);
    expect_code(&result.as.error, REIN_ERROR_INVALID_ARGUMENT);
}

Test(cache, refuses_broken_options) {
    rein_config config = read_text(llama);
    rein_config_cache_options options = rein_config_cache_options_make();
    cache_refused(&config, &options);
    options.context_tokens = 1;
    cr_assert(rein_config_cache_compute(&config, &options).is_ok);
    options.sequence_count = 0;
    cache_refused(&config, &options);
    options.sequence_count = 1;
    options.step_tokens = 0;
    cache_refused(&config, &options);
    options.step_tokens = 1;
    options.element_bits = rein_fact_u64_known(0);
    cache_refused(&config, &options);
    options.element_bits = rein_fact_u64_known(UINT64_MAX);
    cache_refused(&config, &options);
    options.element_bits = rein_fact_u64_unknown();
    options.struct_size--;
    cache_refused(&config, &options);
}

Test(cache, refuses_a_token_that_is_not_whole_bytes) {
    rein_config config = read_text("{\"model_type\":\"llama\",\"num_key_value_heads\":1,"
                                   "\"head_dim\":1}");
    rein_config_cache_options options = rein_config_cache_options_make();
    options.context_tokens = 1;
    options.element_bits = rein_fact_u64_known(6);
    cache_refused(&config, &options);
    options.element_bits = rein_fact_u64_known(4);
    cr_assert(REIN_UNWRAP(rein_config_cache_compute(&config, &options)).token_bytes.value == 32);
}

Test(cache, refuses_a_configuration_that_was_not_read) {
    rein_config_cache_options options = rein_config_cache_options_make();
    options.context_tokens = 1;
    rein_config config;
    memset(&config, 0, sizeof config);
    cache_refused(&config, &options);
    config = read_text(gemma3);
    config.window_tokens.value = 0;
    cache_refused(&config, &options);
    config = read_text(gemma3);
    config.full_layer_count = rein_fact_u64_unknown();
    cache_refused(&config, &options);
    config = read_text(gemma3);
    config.sliding_layer_count = rein_fact_u64_unknown();
    cache_refused(&config, &options);
}

Test(cache, refuses_sizes_that_do_not_fit) {
    static const struct {
        const char *text;
        uint64_t context_tokens;
        uint64_t sequence_count;
        uint64_t block_tokens;
        uint64_t step_tokens;
    } cases[] = {
        {llama, UINT64_MAX, 1, 0, 1},
        {llama, UINT64_C(1) << 47, 1, 0, 1},
        {llama, UINT64_C(1) << 40, UINT64_C(1) << 20, 0, 1},
        {llama, 1, 1, UINT64_C(1) << 60, 1},
        {llama, UINT64_MAX, 1, 2, 1},
        {gemma3, UINT64_MAX, 1, 1, UINT64_MAX},
        {gemma3, UINT64_C(1) << 48, 1, 0, UINT64_C(1) << 48},
        {gemma3, UINT64_C(1) << 47, 1, 0, 1},
        {"{\"model_type\":\"mistral\",\"num_hidden_layers\":18446744073709551615,"
         "\"dtype\":\"float16\"}",
         1, 1, 0, 1},
        {"{\"model_type\":\"llama\",\"num_hidden_layers\":18446744073709551615,"
         "\"dtype\":\"float16\"}",
         1, 1, 0, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rein_config config = read_text(cases[i].text);
        rein_config_cache_options options = rein_config_cache_options_make();
        options.context_tokens = cases[i].context_tokens;
        options.sequence_count = cases[i].sequence_count;
        options.block_tokens = cases[i].block_tokens;
        options.step_tokens = cases[i].step_tokens;
        cache_refused(&config, &options);
    }
}
