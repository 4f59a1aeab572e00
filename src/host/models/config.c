#include "models/config.h"

#include <string.h>

#include "host/base/checked.h"
#include "host/base/text_writer.h"
#include "host/models/config_resolver.h"

/* Adds the value of the file, a text. */
static void add_text(config_resolver *resolver, config_key key, const char *text) {
    rein_config_input *input = rein_i_config_add_input(resolver, key, REIN_CONFIG_FROM_FILE);
    text_writer writer = rein_i_text_writer_make(input->text, sizeof input->text);
    rein_i_text_writer_append(&writer, text);
}

static bool get_kv_heads(config_resolver *resolver, uint64_t heads, uint64_t *out_heads) {
    if (config_is_null(resolver, CONFIG_KV_HEADS)) {
        rein_i_config_add_number(resolver, CONFIG_KV_HEADS, REIN_CONFIG_DEFAULT, heads);
        *out_heads = heads;
        return true;
    }
    uint64_t default_heads = resolver->type->kv_heads > 0 ? resolver->type->kv_heads : heads;
    return rein_i_config_get_number(resolver, CONFIG_KV_HEADS, default_heads, out_heads);
}

static bool get_head_dim(config_resolver *resolver, uint64_t heads, uint64_t *out_dim) {
    const config_value *value = &resolver->object->values[CONFIG_HEAD_DIM];
    bool is_derived = value->kind == CONFIG_NULL ||
                      (value->kind == CONFIG_ABSENT && resolver->type->head_dim == 0);
    if (!is_derived) {
        return rein_i_config_get_number(resolver, CONFIG_HEAD_DIM, resolver->type->head_dim,
                                        out_dim);
    }
    uint64_t hidden = 0;
    if (!rein_i_config_get_number(resolver, CONFIG_HIDDEN, resolver->type->hidden, &hidden)) {
        return false;
    }
    if (hidden % heads != 0) {
        return rein_i_config_fail(resolver, "the value is not a multiple of num_attention_heads",
                                  rein_i_config_key_name(CONFIG_HIDDEN));
    }
    *out_dim = hidden / heads;
    rein_i_config_add_number(resolver, CONFIG_HEAD_DIM, REIN_CONFIG_DEFAULT, *out_dim);
    return true;
}

/* Finds the elements of keys and values. */
static bool find_elements(config_resolver *resolver) {
    uint64_t heads = 0;
    uint64_t kv_heads = 0;
    uint64_t head_dim = 0;
    uint64_t elements = 0;
    if (!rein_i_config_get_number(resolver, CONFIG_HEADS, resolver->type->heads, &heads) ||
        !get_kv_heads(resolver, heads, &kv_heads) || !get_head_dim(resolver, heads, &head_dim)) {
        return false;
    }
    if (!checked_multiply(kv_heads, head_dim, &elements) ||
        !checked_multiply(elements, 2, &elements)) {
        return rein_i_config_fail(resolver, "the elements of a token do not fit in 64 bits",
                                  rein_i_config_key_name(CONFIG_HEAD_DIM));
    }
    resolver->config->layer_elements = rein_fact_u64_known(elements);
    return true;
}

/* Finds the elements of a latent vector. */
static bool find_latent(config_resolver *resolver) {
    uint64_t rank = 0;
    uint64_t rope = 0;
    uint64_t elements = 0;
    resolver->config->is_latent = true;
    if (!rein_i_config_get_number(resolver, CONFIG_LATENT_RANK, resolver->type->latent_rank,
                                  &rank) ||
        !rein_i_config_get_number(resolver, CONFIG_LATENT_ROPE, resolver->type->latent_rope,
                                  &rope)) {
        return false;
    }
    if (!checked_add(rank, rope, &elements)) {
        return rein_i_config_fail(resolver, "the elements of a token do not fit in 64 bits",
                                  rein_i_config_key_name(CONFIG_LATENT_RANK));
    }
    resolver->config->layer_elements = rein_fact_u64_known(elements);
    return true;
}

static bool find_type(config_resolver *resolver) {
    const config_value *value = &resolver->object->values[CONFIG_MODEL_TYPE];
    const char *name = rein_i_config_key_name(CONFIG_MODEL_TYPE);
    if (value->kind != CONFIG_TEXT) {
        return rein_i_config_fail(resolver, "the file does not state its model type", name);
    }
    memcpy(resolver->config->model_type, value->text, sizeof value->text);
    add_text(resolver, CONFIG_MODEL_TYPE, value->text);
    if (resolver->file->mechanism != NULL) {
        return rein_i_config_fail(resolver, "the file has a mechanism whose cache is not known",
                                  resolver->file->mechanism);
    }
    resolver->type = rein_i_config_type_find(value->text);
    if (resolver->type == NULL) {
        return rein_i_config_fail(resolver, "the cache of the model type is not known", name);
    }
    return true;
}

/* Finds what the cache holds. Leaves no fact known if one is not. */
static void find_shape(config_resolver *resolver) {
    if (find_type(resolver) && rein_i_config_find_layers(resolver) &&
        (resolver->type->latent_rank > 0 ? find_latent(resolver) : find_elements(resolver))) {
        return;
    }
    rein_config *config = resolver->config;
    config->is_latent = false;
    config->full_layer_count = rein_fact_u64_unknown();
    config->sliding_layer_count = rein_fact_u64_unknown();
    config->window_tokens = rein_fact_u64_unknown();
    config->layer_elements = rein_fact_u64_unknown();
}

/* Returns the bits of a type of PyTorch. */
static rein_fact_u64 bits_of_type(const char *name) {
    static const struct {
        const char *name;
        uint64_t bits;
    } types[] = {{"float64", 64},  {"float32", 32},      {"float16", 16},
                 {"bfloat16", 16}, {"float8_e4m3fn", 8}, {"float8_e5m2", 8}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i].name, name) == 0) {
            return rein_fact_u64_known(types[i].bits);
        }
    }
    return rein_fact_u64_unknown();
}

/* Returns the key with the type of the elements, and sets its value; NULL if there is none. */
static const config_value *find_dtype(const config_file *file, config_key *out_key) {
    static const config_key keys[] = {CONFIG_DTYPE, CONFIG_TORCH_DTYPE};
    const config_object *const objects[] = {&file->nested, &file->outer};
    for (size_t i = 0; i < 4; i++) {
        const config_value *value = &objects[i / 2]->values[keys[i % 2]];
        *out_key = keys[i % 2];
        if (value->kind != CONFIG_ABSENT && value->kind != CONFIG_NULL) {
            return value;
        }
    }
    *out_key = CONFIG_DTYPE;
    return NULL;
}

static void find_element_bits(config_resolver *resolver) {
    rein_config *config = resolver->config;
    config_key key = CONFIG_DTYPE;
    const config_value *value = find_dtype(resolver->file, &key);
    config->element_bits = rein_fact_u64_unknown();
    config->element_key = rein_i_config_key_name(key);
    if (resolver->file->cache_scheme != NULL) {
        config->element_key = resolver->file->cache_scheme;
    } else if (value != NULL && value->kind == CONFIG_TEXT) {
        add_text(resolver, key, value->text);
        config->element_bits = bits_of_type(value->text);
    }
}

rein_result_config rein_config_read(const rein_model_file *file) {
    config_file values;
    REIN_TRY(rein_result_config, rein_i_config_file_read(file, &values));
    rein_config config;
    memset(&config, 0, sizeof config);
    config_resolver resolver = {
        .file = &values,
        .object = values.has_nested ? &values.nested : &values.outer,
        .config = &config,
    };
    find_shape(&resolver);
    find_element_bits(&resolver);
    return rein_result_config_ok(config);
}
