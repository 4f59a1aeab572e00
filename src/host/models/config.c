#include "models/config.h"

#include <string.h>

#include "host/base/checked.h"
#include "host/base/text_writer.h"
#include "host/models/config_file.h"
#include "host/models/config_types.h"

/* Finds the facts in the values. Functions that return false have set the reason. */
typedef struct config_resolver {
    const config_file *file;
    const config_object *object;
    const config_type *type;
    rein_config *config;
} config_resolver;

static bool fail(config_resolver *resolver, const char *reason, const char *key) {
    rein_config *config = resolver->config;
    config->unknown_reason = reason;
    text_writer writer = rein_i_text_writer_make(config->unknown_key, sizeof config->unknown_key);
    rein_i_text_writer_append(&writer, key);
    return false;
}

static rein_config_input *add_input(config_resolver *resolver, config_key key,
                                    rein_config_source source) {
    rein_config *config = resolver->config;
    rein_config_input *input = &config->inputs[config->input_count++];
    input->key = rein_i_config_key_name(key);
    input->source = source;
    return input;
}

static void add_number(config_resolver *resolver, config_key key, rein_config_source source,
                       uint64_t number) {
    add_input(resolver, key, source)->number = rein_fact_u64_known(number);
}

/* Adds the value of the file, a text. */
static void add_text(config_resolver *resolver, config_key key, const char *text) {
    rein_config_input *input = add_input(resolver, key, REIN_CONFIG_FROM_FILE);
    text_writer writer = rein_i_text_writer_make(input->text, sizeof input->text);
    rein_i_text_writer_append(&writer, text);
}

/* Gets a number that must be above 0. */
static bool get_number(config_resolver *resolver, config_key key, uint64_t default_number,
                       uint64_t *out_number) {
    const config_value *value = &resolver->object->values[key];
    const char *name = rein_i_config_key_name(key);
    if (value->kind == CONFIG_ABSENT) {
        add_number(resolver, key, REIN_CONFIG_DEFAULT, default_number);
        *out_number = default_number;
        return true;
    }
    if (value->kind != CONFIG_NUMBER || value->number == 0) {
        return fail(resolver, "the value is not a whole number above 0", name);
    }
    add_number(resolver, key, REIN_CONFIG_FROM_FILE, value->number);
    *out_number = value->number;
    return true;
}

static bool is_null(const config_resolver *resolver, config_key key) {
    return resolver->object->values[key].kind == CONFIG_NULL;
}

static bool get_kv_heads(config_resolver *resolver, uint64_t heads, uint64_t *out_heads) {
    if (is_null(resolver, CONFIG_KV_HEADS)) {
        add_number(resolver, CONFIG_KV_HEADS, REIN_CONFIG_DEFAULT, heads);
        *out_heads = heads;
        return true;
    }
    uint64_t default_heads = resolver->type->kv_heads > 0 ? resolver->type->kv_heads : heads;
    return get_number(resolver, CONFIG_KV_HEADS, default_heads, out_heads);
}

static bool get_head_dim(config_resolver *resolver, uint64_t heads, uint64_t *out_dim) {
    const config_value *value = &resolver->object->values[CONFIG_HEAD_DIM];
    bool is_derived = value->kind == CONFIG_NULL ||
                      (value->kind == CONFIG_ABSENT && resolver->type->head_dim == 0);
    if (!is_derived) {
        return get_number(resolver, CONFIG_HEAD_DIM, resolver->type->head_dim, out_dim);
    }
    uint64_t hidden = 0;
    if (!get_number(resolver, CONFIG_HIDDEN, resolver->type->hidden, &hidden)) {
        return false;
    }
    if (hidden % heads != 0) {
        return fail(resolver, "the value is not a multiple of num_attention_heads",
                    rein_i_config_key_name(CONFIG_HIDDEN));
    }
    *out_dim = hidden / heads;
    add_number(resolver, CONFIG_HEAD_DIM, REIN_CONFIG_DEFAULT, *out_dim);
    return true;
}

/* Finds the elements of keys and values. */
static bool find_elements(config_resolver *resolver) {
    uint64_t heads = 0;
    uint64_t kv_heads = 0;
    uint64_t head_dim = 0;
    uint64_t elements = 0;
    if (!get_number(resolver, CONFIG_HEADS, resolver->type->heads, &heads) ||
        !get_kv_heads(resolver, heads, &kv_heads) || !get_head_dim(resolver, heads, &head_dim)) {
        return false;
    }
    if (!checked_multiply(kv_heads, head_dim, &elements) ||
        !checked_multiply(elements, 2, &elements)) {
        return fail(resolver, "the elements of a token do not fit in 64 bits",
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
    if (!get_number(resolver, CONFIG_LATENT_RANK, resolver->type->latent_rank, &rank) ||
        !get_number(resolver, CONFIG_LATENT_ROPE, resolver->type->latent_rope, &rope)) {
        return false;
    }
    if (!checked_add(rank, rope, &elements)) {
        return fail(resolver, "the elements of a token do not fit in 64 bits",
                    rein_i_config_key_name(CONFIG_LATENT_RANK));
    }
    resolver->config->layer_elements = rein_fact_u64_known(elements);
    return true;
}

/* Gets the window; 0 if there is none. */
static bool get_window(config_resolver *resolver, uint64_t *out_window) {
    bool is_absent = resolver->object->values[CONFIG_WINDOW].kind == CONFIG_ABSENT;
    *out_window = 0;
    if (is_null(resolver, CONFIG_WINDOW) || (is_absent && resolver->type->window == 0)) {
        add_input(resolver, CONFIG_WINDOW, is_absent ? REIN_CONFIG_DEFAULT : REIN_CONFIG_FROM_FILE);
        return true;
    }
    return get_number(resolver, CONFIG_WINDOW, resolver->type->window, out_window);
}

/* Sets the numbers of layers. Layers with a window need one. */
static bool set_layers(config_resolver *resolver, uint64_t layers, uint64_t sliding,
                       uint64_t window) {
    if (sliding > 0 && window == 0) {
        return fail(resolver, "layers have a window, but its size is not set",
                    rein_i_config_key_name(CONFIG_WINDOW));
    }
    rein_config *config = resolver->config;
    config->full_layer_count = rein_fact_u64_known(layers - sliding);
    config->sliding_layer_count = rein_fact_u64_known(sliding);
    config->window_tokens = sliding > 0 ? rein_fact_u64_known(window) : rein_fact_u64_unknown();
    return true;
}

/* Gets use_sliding_window, which is false without the key. */
static bool get_use_window(config_resolver *resolver, bool *out_is_used) {
    const config_value *value = &resolver->object->values[CONFIG_USE_WINDOW];
    bool is_missing = value->kind == CONFIG_ABSENT || value->kind == CONFIG_NULL;
    if (!is_missing && value->kind != CONFIG_BOOLEAN) {
        return fail(resolver, "the value is not true or false",
                    rein_i_config_key_name(CONFIG_USE_WINDOW));
    }
    *out_is_used = !is_missing && value->number != 0;
    add_number(resolver, CONFIG_USE_WINDOW,
               is_missing ? REIN_CONFIG_DEFAULT : REIN_CONFIG_FROM_FILE, *out_is_used ? 1 : 0);
    return true;
}

/* Gets the window if use_sliding_window is set, and 0 if not. */
static bool get_switched_window(config_resolver *resolver, uint64_t *out_window) {
    bool is_used = false;
    *out_window = 0;
    return get_use_window(resolver, &is_used) && (!is_used || get_window(resolver, out_window));
}

static bool find_switched(config_resolver *resolver, uint64_t layers) {
    uint64_t window = 0;
    if (!get_switched_window(resolver, &window)) {
        return false;
    }
    uint64_t full = layers;
    const config_value *value = &resolver->object->values[CONFIG_MAX_WINDOW_LAYERS];
    if (window > 0 && value->kind == CONFIG_NUMBER && value->number == 0) {
        add_number(resolver, CONFIG_MAX_WINDOW_LAYERS, REIN_CONFIG_FROM_FILE, 0);
        full = 0;
    } else if (window > 0 && !get_number(resolver, CONFIG_MAX_WINDOW_LAYERS,
                                         resolver->type->max_window_layers, &full)) {
        return false;
    }
    return set_layers(resolver, layers, full < layers ? layers - full : 0, window);
}

static bool find_pattern(config_resolver *resolver, uint64_t layers) {
    uint64_t window = 0;
    uint64_t pattern = resolver->type->pattern;
    if (resolver->type->has_pattern_key &&
        !get_number(resolver, CONFIG_PATTERN, resolver->type->pattern, &pattern)) {
        return false;
    }
    return get_window(resolver, &window) &&
           set_layers(resolver, layers, layers - layers / pattern, window);
}

/* Refuses a window in a type whose layers have none. */
static bool find_without_window(config_resolver *resolver, uint64_t layers) {
    const config_value *window = &resolver->object->values[CONFIG_WINDOW];
    if (resolver->type->rule == WINDOW_NEVER && window->kind != CONFIG_ABSENT &&
        window->kind != CONFIG_NULL) {
        return fail(resolver, "the model type has no window, but the file sets one",
                    rein_i_config_key_name(CONFIG_WINDOW));
    }
    bool is_used = false;
    if (resolver->type->rule == WINDOW_REFUSED && !get_use_window(resolver, &is_used)) {
        return false;
    }
    if (is_used) {
        return fail(resolver, "it is not known which layers of the model type use the window",
                    rein_i_config_key_name(CONFIG_USE_WINDOW));
    }
    return set_layers(resolver, layers, 0, 0);
}

static bool find_always(config_resolver *resolver, uint64_t layers) {
    uint64_t window = 0;
    if (!get_window(resolver, &window)) {
        return false;
    }
    return set_layers(resolver, layers, window > 0 ? layers : 0, window);
}

/* Finds the layers by the rule of the type. */
static bool find_layers_by_rule(config_resolver *resolver, uint64_t layers) {
    switch (resolver->type->rule) {
    case WINDOW_ALWAYS:
        return find_always(resolver, layers);
    case WINDOW_SWITCH:
        return find_switched(resolver, layers);
    case WINDOW_PATTERN:
        return find_pattern(resolver, layers);
    case WINDOW_NEVER:
    case WINDOW_REFUSED:
    default:
        return find_without_window(resolver, layers);
    }
}

/* Checks that layer_types describes each layer, and adds it to the inputs. */
static bool check_layer_types(config_resolver *resolver, const config_value *types,
                              uint64_t layers) {
    const char *name = rein_i_config_key_name(CONFIG_LAYER_TYPES);
    if (types->kind != CONFIG_LAYERS_BY_TYPE) {
        return fail(resolver, "the value is not an array of strings", name);
    }
    if (types->other_count > 0) {
        return fail(resolver, "a type of layers has a cache that is not known", types->text);
    }
    if (types->full_count + types->sliding_count != layers) {
        return fail(resolver, "the array does not have num_hidden_layers elements", name);
    }
    rein_config_input *input = add_input(resolver, CONFIG_LAYER_TYPES, REIN_CONFIG_FROM_FILE);
    text_writer writer = rein_i_text_writer_make(input->text, sizeof input->text);
    rein_i_text_writer_append_unsigned(&writer, types->full_count);
    rein_i_text_writer_append(&writer, " full, ");
    rein_i_text_writer_append_unsigned(&writer, types->sliding_count);
    rein_i_text_writer_append(&writer, " sliding");
    return true;
}

/* Finds the layers by layer_types, in a type whose layers differ. */
static bool find_layers_by_types(config_resolver *resolver, const config_value *types,
                                 uint64_t layers) {
    uint64_t window = 0;
    bool is_switched = resolver->type->rule == WINDOW_SWITCH;
    if (types->sliding_count > 0 &&
        !(is_switched ? get_switched_window(resolver, &window) : get_window(resolver, &window))) {
        return false;
    }
    return set_layers(resolver, layers, types->sliding_count, window);
}

static bool find_layers(config_resolver *resolver) {
    uint64_t layers = 0;
    if (!get_number(resolver, CONFIG_LAYERS, resolver->type->layers, &layers)) {
        return false;
    }
    const config_value *types = &resolver->object->values[CONFIG_LAYER_TYPES];
    if (types->kind == CONFIG_ABSENT || types->kind == CONFIG_NULL) {
        return find_layers_by_rule(resolver, layers);
    }
    if (!check_layer_types(resolver, types, layers)) {
        return false;
    }
    if (resolver->type->rule == WINDOW_SWITCH || resolver->type->rule == WINDOW_PATTERN) {
        return find_layers_by_types(resolver, types, layers);
    }
    if (!find_layers_by_rule(resolver, layers)) {
        return false;
    }
    if (types->sliding_count != resolver->config->sliding_layer_count.value) {
        return fail(resolver, "the layers are not those of the model type",
                    rein_i_config_key_name(CONFIG_LAYER_TYPES));
    }
    return true;
}

static bool find_type(config_resolver *resolver) {
    const config_value *value = &resolver->object->values[CONFIG_MODEL_TYPE];
    const char *name = rein_i_config_key_name(CONFIG_MODEL_TYPE);
    if (value->kind != CONFIG_TEXT) {
        return fail(resolver, "the file does not state its model type", name);
    }
    memcpy(resolver->config->model_type, value->text, sizeof value->text);
    add_text(resolver, CONFIG_MODEL_TYPE, value->text);
    if (resolver->file->mechanism != NULL) {
        return fail(resolver, "the file has a mechanism whose cache is not known",
                    resolver->file->mechanism);
    }
    resolver->type = rein_i_config_type_find(value->text);
    if (resolver->type == NULL) {
        return fail(resolver, "the cache of the model type is not known", name);
    }
    return true;
}

/* Finds what the cache holds. Leaves no fact known if one is not. */
static void find_shape(config_resolver *resolver) {
    if (find_type(resolver) && find_layers(resolver) &&
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
