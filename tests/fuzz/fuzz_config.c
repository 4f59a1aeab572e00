/* Files config.json, and the recognition of formats. Known facts add up, and unknown ones have a
 * reason. Reading again gives the same. */
#include <string.h>

#include "fuzz.h"
#include "models/config.h"
#include "models/memory_file.h"

static void require_config(const rein_config *config) {
    bool is_known = config->unknown_reason == NULL;
    require(config->full_layer_count.is_known == is_known &&
                config->sliding_layer_count.is_known == is_known &&
                config->layer_elements.is_known == is_known,
            "the shape is known as a whole");
    require(is_known == (config->unknown_key[0] == '\0') || !is_known, "a reason has a key");
    require(config->input_count <= REIN_CONFIG_INPUTS_MAX, "the inputs fit");
    for (size_t i = 0; i < config->input_count; i++) {
        require(config->inputs[i].key != NULL && config->inputs[i].source >= 1,
                "an input has a key");
        require(memchr(config->inputs[i].text, '\0', REIN_CONFIG_TEXT_CAPACITY) != NULL,
                "a text is terminated");
    }
    require(!is_known || config->layer_elements.value > 0, "a token takes elements");
    require(!is_known || config->sliding_layer_count.value == 0 || config->window_tokens.value > 0,
            "layers with a window have a size");
}

static void require_cache(const rein_config *config, const uint8_t *data, size_t size) {
    choices from = {data, size};
    rein_config_cache_options options = rein_config_cache_options_make();
    options.context_tokens = choose_number(&from);
    options.block_tokens = choose_number(&from);
    options.step_tokens = choose_number(&from);
    options.sequence_count = choose_number(&from);
    rein_result_config_cache result = rein_config_cache_compute(config, &options);
    if (!result.is_ok) {
        return;
    }
    const rein_config_cache *cache = &result.as.value;
    bool is_known = cache->unknown_reason == NULL;
    require(cache->cache_bytes.is_known == is_known && cache->token_bytes.is_known == is_known,
            "the sizes are known as a whole");
    require(!is_known || cache->cache_bytes.value >= cache->token_bytes.value ||
                config->sliding_layer_count.value > 0,
            "a cache holds a token");
    require(!is_known || options.block_tokens > 0 ||
                cache->cache_bytes.value <= cache->cache_bytes_without_windows.value,
            "windows do not add to a contiguous cache");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    memory_file memory = {.bytes = data, .byte_count = size, .size_bytes = size};
    rein_model_file file = memory_file_of(&memory);
    rein_result_model_format format = rein_model_file_format(&file);
    require(format.is_ok, "each file has a format, or an unknown one");
    rein_result_config first = rein_config_read(&file);
    rein_result_config second = rein_config_read(&file);
    require(!memory.has_read_outside, "nothing outside the file is read");
    require(first.is_ok == second.is_ok, "reading again gives the same answer");
    if (!first.is_ok) {
        require(first.as.error.numbers[0] <= size, "an error is within the file");
        return 0;
    }
    require(memcmp(&first.as.value, &second.as.value, sizeof first.as.value) == 0,
            "reading again gives the same configuration");
    require_config(&first.as.value);
    require_cache(&first.as.value, data, size);
    return 0;
}
