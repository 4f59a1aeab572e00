#include "host/models/config_file.h"

#include <string.h>

#include "host/models/file_check.h"
#include "host/models/json_reader.h"
#include "host/models/malformed.h"

static const char *const key_names[CONFIG_KEY_COUNT] = {
    [CONFIG_MODEL_TYPE] = "model_type",
    [CONFIG_LAYERS] = "num_hidden_layers",
    [CONFIG_HEADS] = "num_attention_heads",
    [CONFIG_KV_HEADS] = "num_key_value_heads",
    [CONFIG_HEAD_DIM] = "head_dim",
    [CONFIG_HIDDEN] = "hidden_size",
    [CONFIG_WINDOW] = "sliding_window",
    [CONFIG_USE_WINDOW] = "use_sliding_window",
    [CONFIG_MAX_WINDOW_LAYERS] = "max_window_layers",
    [CONFIG_PATTERN] = "sliding_window_pattern",
    [CONFIG_LAYER_TYPES] = "layer_types",
    [CONFIG_LATENT_RANK] = "kv_lora_rank",
    [CONFIG_LATENT_ROPE] = "qk_rope_head_dim",
    [CONFIG_DTYPE] = "dtype",
    [CONFIG_TORCH_DTYPE] = "torch_dtype",
};

/* Keys of mechanisms that the rules do not cover: chunked and sparse attention, caches that layers
 * share, other head sizes in some layers, cross attention, and recurrent states. A value of null,
 * false or 0 turns them off. */
static const char *const mechanisms[] = {
    "attention_chunk_size",    "index_topk",
    "index_head_dim",          "num_kv_shared_layers",
    "global_head_dim",         "num_global_key_value_heads",
    "per_layer_config",        "block_configs",
    "is_encoder_decoder",      "cross_attention_layers",
    "add_cross_attention",     "use_bidirectional_attention",
    "full_attention_interval", "linear_num_key_heads",
    "linear_attn_config",      "ssm_cfg",
    "ssm_state_size",          "mamba_d_state",
    "layers_block_type",       "hybrid_override_pattern",
    "attn_layer_indices",      "attn_layer_period",
};

enum { MECHANISM_COUNT = sizeof mechanisms / sizeof mechanisms[0] };

const char *rein_i_config_key_name(config_key key) {
    return key_names[key];
}

typedef struct config_parser {
    json_reader reader;
    char text[REIN_CONFIG_TEXT_CAPACITY];
    config_file *config;
} config_parser;

/* Returns the index of the text of a key in an array of names; the count if it is not there. */
static size_t find_name(const config_parser *parser, const json_token *key,
                        const char *const *names, size_t count) {
    size_t index = 0;
    while (index < count && !rein_i_json_text_is(&parser->reader, key, names[index])) {
        index++;
    }
    return index;
}

/* Reads the next token, and skips the value that it begins. */
static rein_result_void next_scalar(config_parser *parser, json_token *out_token) {
    REIN_TRY(rein_result_void, rein_i_json_next(&parser->reader, out_token));
    return rein_i_json_skip(&parser->reader, *out_token);
}

static void count_layer(const config_parser *parser, const json_token *token, config_value *value) {
    if (token->kind != JSON_STRING) {
        value->kind = CONFIG_OTHER;
    } else if (rein_i_json_text_is(&parser->reader, token, "full_attention")) {
        value->full_count++;
    } else if (rein_i_json_text_is(&parser->reader, token, "sliding_attention")) {
        value->sliding_count++;
    } else if (value->other_count++ == 0) {
        memcpy(value->text, parser->text, sizeof value->text);
    }
}

/* Reads the elements of layer_types after the bracket. */
static rein_result_void read_layers(config_parser *parser, config_value *value) {
    json_token token;
    REIN_TRY(rein_result_void, rein_i_json_next(&parser->reader, &token));
    while (token.kind != JSON_ARRAY_END) {
        count_layer(parser, &token, value);
        REIN_TRY(rein_result_void, rein_i_json_skip(&parser->reader, token));
        REIN_TRY(rein_result_void, rein_i_json_next(&parser->reader, &token));
    }
    return rein_done();
}

static config_kind kind_of(const json_token *token) {
    switch (token->kind) {
    case JSON_NULL:
        return CONFIG_NULL;
    case JSON_TRUE:
    case JSON_FALSE:
        return CONFIG_BOOLEAN;
    case JSON_NUMBER:
        return json_is_unsigned(token) ? CONFIG_NUMBER : CONFIG_OTHER;
    case JSON_STRING:
    case JSON_OBJECT_BEGIN:
    case JSON_OBJECT_END:
    case JSON_ARRAY_BEGIN:
    case JSON_ARRAY_END:
    case JSON_KEY:
    case JSON_END:
    default:
        return CONFIG_OTHER;
    }
}

/* Returns whether the string has a NUL. A long string is cut by less than a character of 4 bytes
 * before the end of its copy. */
static bool has_nul(const config_parser *parser, const json_token *token) {
    size_t least = sizeof parser->text - 4;
    return strlen(parser->text) < (token->text.size_bytes < least ? token->text.size_bytes : least);
}

static rein_result_void read_value(config_parser *parser, config_key key, config_value *value) {
    json_token token;
    REIN_TRY(rein_result_void, rein_i_json_next(&parser->reader, &token));
    if (key == CONFIG_LAYER_TYPES && token.kind == JSON_ARRAY_BEGIN) {
        value->kind = CONFIG_LAYERS_BY_TYPE;
        return read_layers(parser, value);
    }
    value->kind = kind_of(&token);
    value->number = token.kind == JSON_TRUE ? 1 : token.magnitude;
    if (token.kind == JSON_STRING) {
        value->kind = has_nul(parser, &token) ? CONFIG_OTHER : CONFIG_TEXT;
        memcpy(value->text, parser->text, sizeof value->text);
    }
    return rein_i_json_skip(&parser->reader, token);
}

/* Notes the name unless the value turns its mechanism off. */
static rein_result_void read_mechanism(config_parser *parser, const char *name) {
    json_token token;
    REIN_TRY(rein_result_void, next_scalar(parser, &token));
    bool is_zero = token.kind == JSON_NUMBER && token.is_integer && token.magnitude == 0;
    bool is_off = token.kind == JSON_NULL || token.kind == JSON_FALSE || is_zero;
    if (!is_off && parser->config->mechanism == NULL) {
        parser->config->mechanism = name;
    }
    return rein_done();
}

/* Reads the members of quantization_config, which may set the type of the cache. */
static rein_result_void read_quantization(config_parser *parser) {
    static const char *const schemes[] = {"kv_cache_scheme", "kv_cache_quant_algo"};
    json_token token;
    REIN_TRY(rein_result_void, rein_i_json_next(&parser->reader, &token));
    if (token.kind != JSON_OBJECT_BEGIN) {
        return rein_i_json_skip(&parser->reader, token);
    }
    REIN_TRY(rein_result_void, rein_i_json_next(&parser->reader, &token));
    while (token.kind == JSON_KEY) {
        size_t scheme = find_name(parser, &token, schemes, 2);
        REIN_TRY(rein_result_void, next_scalar(parser, &token));
        if (scheme < 2 && token.kind != JSON_NULL) {
            parser->config->cache_scheme = schemes[scheme];
        }
        REIN_TRY(rein_result_void, rein_i_json_next(&parser->reader, &token));
    }
    return rein_done();
}

static rein_result_void read_known(config_parser *parser, const json_token *token, config_key key,
                                   config_object *object) {
    config_value *value = &object->values[key];
    if (value->kind != CONFIG_ABSENT) {
        return rein_i_occurs_twice(REIN_HERE, token->offset, key_names[key]);
    }
    return read_value(parser, key, value);
}

/* Reads a member that is in the outer object or in text_config. */
static rein_result_void read_member(config_parser *parser, const json_token *token,
                                    config_object *object) {
    size_t key = find_name(parser, token, key_names, CONFIG_KEY_COUNT);
    if (key < CONFIG_KEY_COUNT) {
        return read_known(parser, token, (config_key)key, object);
    }
    size_t mechanism = find_name(parser, token, mechanisms, MECHANISM_COUNT);
    if (mechanism < MECHANISM_COUNT) {
        return read_mechanism(parser, mechanisms[mechanism]);
    }
    if (rein_i_json_text_is(&parser->reader, token, "quantization_config")) {
        return read_quantization(parser);
    }
    json_token value;
    return next_scalar(parser, &value);
}

/* Reads the members of text_config after its brace. */
static rein_result_void read_nested(config_parser *parser) {
    json_token token;
    REIN_TRY(rein_result_void, rein_i_json_next(&parser->reader, &token));
    while (token.kind == JSON_KEY) {
        REIN_TRY(rein_result_void, read_member(parser, &token, &parser->config->nested));
        REIN_TRY(rein_result_void, rein_i_json_next(&parser->reader, &token));
    }
    return rein_done();
}

static rein_result_void read_text_config(config_parser *parser, const json_token *key) {
    if (parser->config->has_nested) {
        return rein_i_occurs_twice(REIN_HERE, key->offset, "text_config");
    }
    json_token token;
    REIN_TRY(rein_result_void, rein_i_json_next(&parser->reader, &token));
    if (token.kind != JSON_OBJECT_BEGIN) {
        return rein_i_json_skip(&parser->reader, token);
    }
    parser->config->has_nested = true;
    return read_nested(parser);
}

static rein_result_void read_outer(config_parser *parser) {
    json_token token;
    REIN_TRY(rein_result_void,
             rein_i_json_next_of(&parser->reader, JSON_OBJECT_BEGIN,
                                 "at byte {u}: the configuration must be an object", "", &token));
    REIN_TRY(rein_result_void, rein_i_json_next(&parser->reader, &token));
    while (token.kind == JSON_KEY) {
        if (rein_i_json_text_is(&parser->reader, &token, "text_config")) {
            REIN_TRY(rein_result_void, read_text_config(parser, &token));
        } else {
            REIN_TRY(rein_result_void, read_member(parser, &token, &parser->config->outer));
        }
        REIN_TRY(rein_result_void, rein_i_json_next(&parser->reader, &token));
    }
    return rein_i_json_next(&parser->reader, &token);
}

rein_result_void rein_i_config_file_read(const rein_model_file *file, config_file *out_config) {
    REIN_TRY(rein_result_void, rein_i_model_file_check(file, REIN_HERE));
    memset(out_config, 0, sizeof *out_config);
    config_parser parser = {.config = out_config};
    rein_i_json_reader_init(&parser.reader, file, 0, file->size_bytes, parser.text,
                            sizeof parser.text);
    parser.reader.accepts_nonfinite = true;
    return read_outer(&parser);
}
