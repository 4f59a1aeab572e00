#include <string.h>

#include "host/base/checked.h"
#include "host/base/text_writer.h"
#include "host/contract/invalid.h"
#include "models/config.h"

rein_config_cache_options rein_config_cache_options_make(void) {
    return (rein_config_cache_options){
        .struct_size = sizeof(rein_config_cache_options),
        .sequence_count = 1,
        .step_tokens = 1,
    };
}

static rein_result_void check_options(const rein_config *config,
                                      const rein_config_cache_options *options) {
    if (config == NULL || options == NULL) {
        return rein_i_invalid(REIN_HERE, "the configuration and the options" MUST_NOT_BE_NULL, 0, 0,
                              0);
    }
    if (options->struct_size != sizeof *options) {
        return rein_i_invalid(REIN_HERE, "the options of the cache" MUST_HAVE_STRUCT_SIZE,
                              options->struct_size, sizeof *options, 0);
    }
    if (options->context_tokens == 0 || options->sequence_count == 0 || options->step_tokens == 0) {
        return rein_i_invalid(
            REIN_HERE,
            "context_tokens is {u}, sequence_count is {u} and step_tokens is {u}; "
            "each must be at least 1",
            options->context_tokens, options->sequence_count, options->step_tokens);
    }
    return rein_done();
}

/* Returns whether the facts that the sizes need are there. */
static bool has_shape(const rein_config *config) {
    bool has_window = config->window_tokens.is_known && config->window_tokens.value > 0;
    return config->layer_elements.is_known && config->full_layer_count.is_known &&
           config->sliding_layer_count.is_known &&
           (config->sliding_layer_count.value == 0 || has_window);
}

static rein_error overflow_error(void) {
    return rein_i_invalid_error(REIN_HERE, "the size of the cache" MUST_FIT_64_BITS, 0, 0, 0);
}

/* Computes the bytes of one token in one layer. */
static rein_result_void measure_layer(const rein_config *config, uint64_t element_bits,
                                      uint64_t *out_bytes) {
    uint64_t bits = 0;
    if (!checked_multiply(config->layer_elements.value, element_bits, &bits)) {
        return rein_result_void_fail(overflow_error());
    }
    if (element_bits == 0 || bits % 8 != 0) {
        return rein_i_invalid(REIN_HERE,
                              "{u} elements of {u} bits must be a whole number of bytes above 0",
                              config->layer_elements.value, element_bits, 0);
    }
    *out_bytes = bits / 8;
    return rein_done();
}

/* Computes the tokens that one sequence takes in one layer: `tokens`, rounded up to whole blocks if
 * the cache is paged. */
static bool count_tokens(const rein_config_cache_options *options, uint64_t tokens,
                         uint64_t more_blocks, uint64_t *out_tokens) {
    if (options->block_tokens == 0) {
        *out_tokens = tokens;
        return true;
    }
    uint64_t blocks = tokens / options->block_tokens;
    blocks += tokens % options->block_tokens > 0 ? 1 : 0;
    return checked_add(blocks, more_blocks, &blocks) &&
           checked_multiply(blocks, options->block_tokens, out_tokens);
}

/* Computes the tokens of one sequence in a layer with a window. */
static bool count_window_tokens(const rein_config *config, const rein_config_cache_options *options,
                                uint64_t *out_tokens) {
    uint64_t tokens = add_saturating(config->window_tokens.value - 1, options->step_tokens);
    tokens = tokens < options->context_tokens ? tokens : options->context_tokens;
    return count_tokens(options, tokens, 1, out_tokens);
}

/* Computes layers * tokens * bytes * sequences, and adds it to the sum. */
static bool add_layers(uint64_t layers, uint64_t tokens, uint64_t layer_bytes,
                       uint64_t sequence_count, uint64_t *sum) {
    uint64_t bytes = 0;
    return checked_multiply(layers, tokens, &bytes) &&
           checked_multiply(bytes, layer_bytes, &bytes) &&
           checked_multiply(bytes, sequence_count, &bytes) && checked_add(*sum, bytes, sum);
}

static bool measure_cache(const rein_config *config, const rein_config_cache_options *options,
                          uint64_t layer_bytes, rein_config_cache *cache) {
    uint64_t full = config->full_layer_count.value;
    uint64_t sliding = config->sliding_layer_count.value;
    uint64_t sequences = options->sequence_count;
    uint64_t tokens = 0;
    uint64_t window_tokens = 0;
    uint64_t sum = 0;
    if (!count_tokens(options, options->context_tokens, 0, &tokens) ||
        (sliding > 0 && !count_window_tokens(config, options, &window_tokens)) ||
        !add_layers(full, tokens, layer_bytes, sequences, &sum)) {
        return false;
    }
    uint64_t whole_sum = sum;
    if (!add_layers(sliding, window_tokens, layer_bytes, sequences, &sum) ||
        !add_layers(sliding, tokens, layer_bytes, sequences, &whole_sum)) {
        return false;
    }
    cache->cache_bytes = rein_fact_u64_known(sum);
    cache->cache_bytes_without_windows = rein_fact_u64_known(whole_sum);
    return true;
}

static bool measure_parts(const rein_config *config, const rein_config_cache_options *options,
                          uint64_t layer_bytes, rein_config_cache *cache) {
    uint64_t token_bytes = 0;
    uint64_t block_bytes = 0;
    if (!add_layers(config->full_layer_count.value, 1, layer_bytes, 1, &token_bytes) ||
        !add_layers(config->sliding_layer_count.value, 1, layer_bytes, 1, &token_bytes) ||
        !checked_multiply(layer_bytes, options->block_tokens, &block_bytes)) {
        return false;
    }
    cache->token_bytes = rein_fact_u64_known(token_bytes);
    if (options->block_tokens > 0) {
        cache->layer_block_bytes = rein_fact_u64_known(block_bytes);
    }
    return true;
}

/* Returns a cache of which nothing is known. */
static rein_config_cache unknown_cache(const char *reason, const char *key) {
    rein_config_cache cache;
    memset(&cache, 0, sizeof cache);
    cache.unknown_reason = reason;
    text_writer writer = rein_i_text_writer_make(cache.unknown_key, sizeof cache.unknown_key);
    rein_i_text_writer_append(&writer, key);
    return cache;
}

rein_result_config_cache rein_config_cache_compute(const rein_config *config,
                                                   const rein_config_cache_options *options) {
    REIN_TRY(rein_result_config_cache, check_options(config, options));
    if (config->unknown_reason != NULL) {
        return rein_result_config_cache_ok(
            unknown_cache(config->unknown_reason, config->unknown_key));
    }
    if (!has_shape(config)) {
        return rein_result_config_cache_fail(rein_i_invalid_error(
            REIN_HERE, "the configuration must be made by rein_config_read", 0, 0, 0));
    }
    rein_fact_u64 bits =
        options->element_bits.is_known ? options->element_bits : config->element_bits;
    if (!bits.is_known) {
        return rein_result_config_cache_ok(
            unknown_cache("the size of an element of the cache is not known", config->element_key));
    }
    uint64_t layer_bytes = 0;
    REIN_TRY(rein_result_config_cache, measure_layer(config, bits.value, &layer_bytes));
    rein_config_cache cache = unknown_cache(NULL, "");
    if (!measure_parts(config, options, layer_bytes, &cache) ||
        !measure_cache(config, options, layer_bytes, &cache)) {
        return rein_result_config_cache_fail(overflow_error());
    }
    return rein_result_config_cache_ok(cache);
}
