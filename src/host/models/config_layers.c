/* The layers of a model of Hugging Face that have a window, and those that have none. */
#include "host/base/text_writer.h"
#include "host/models/config_resolver.h"

/* Gets the window; 0 if there is none. */
static bool get_window(config_resolver *resolver, uint64_t *out_window) {
    bool is_absent = resolver->object->values[CONFIG_WINDOW].kind == CONFIG_ABSENT;
    *out_window = 0;
    if (config_is_null(resolver, CONFIG_WINDOW) || (is_absent && resolver->type->window == 0)) {
        rein_i_config_add_input(resolver, CONFIG_WINDOW,
                                is_absent ? REIN_CONFIG_DEFAULT : REIN_CONFIG_FROM_FILE);
        return true;
    }
    return rein_i_config_get_number(resolver, CONFIG_WINDOW, resolver->type->window, out_window);
}

/* Sets the numbers of layers. Layers with a window need one. */
static bool set_layers(config_resolver *resolver, uint64_t layers, uint64_t sliding,
                       uint64_t window) {
    if (sliding > 0 && window == 0) {
        return rein_i_config_fail(resolver, "layers have a window, but its size is not set",
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
        return rein_i_config_fail(resolver, "the value is not true or false",
                                  rein_i_config_key_name(CONFIG_USE_WINDOW));
    }
    *out_is_used = !is_missing && value->number != 0;
    rein_i_config_add_number(resolver, CONFIG_USE_WINDOW,
                             is_missing ? REIN_CONFIG_DEFAULT : REIN_CONFIG_FROM_FILE,
                             *out_is_used ? 1 : 0);
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
        rein_i_config_add_number(resolver, CONFIG_MAX_WINDOW_LAYERS, REIN_CONFIG_FROM_FILE, 0);
        full = 0;
    } else if (window > 0 && !rein_i_config_get_number(resolver, CONFIG_MAX_WINDOW_LAYERS,
                                                       resolver->type->max_window_layers, &full)) {
        return false;
    }
    return set_layers(resolver, layers, full < layers ? layers - full : 0, window);
}

static bool find_pattern(config_resolver *resolver, uint64_t layers) {
    uint64_t window = 0;
    uint64_t pattern = resolver->type->pattern;
    if (resolver->type->has_pattern_key &&
        !rein_i_config_get_number(resolver, CONFIG_PATTERN, resolver->type->pattern, &pattern)) {
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
        return rein_i_config_fail(resolver, "the model type has no window, but the file sets one",
                                  rein_i_config_key_name(CONFIG_WINDOW));
    }
    bool is_used = false;
    if (resolver->type->rule == WINDOW_REFUSED && !get_use_window(resolver, &is_used)) {
        return false;
    }
    if (is_used) {
        return rein_i_config_fail(resolver,
                                  "it is not known which layers of the model type use the window",
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
        return rein_i_config_fail(resolver, "the value is not an array of strings", name);
    }
    if (types->other_count > 0) {
        return rein_i_config_fail(resolver, "a type of layers has a cache that is not known",
                                  types->text);
    }
    if (types->full_count + types->sliding_count != layers) {
        return rein_i_config_fail(resolver, "the array does not have num_hidden_layers elements",
                                  name);
    }
    rein_config_input *input =
        rein_i_config_add_input(resolver, CONFIG_LAYER_TYPES, REIN_CONFIG_FROM_FILE);
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

bool rein_i_config_find_layers(config_resolver *resolver) {
    uint64_t layers = 0;
    if (!rein_i_config_get_number(resolver, CONFIG_LAYERS, resolver->type->layers, &layers)) {
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
        return rein_i_config_fail(resolver, "the layers are not those of the model type",
                                  rein_i_config_key_name(CONFIG_LAYER_TYPES));
    }
    return true;
}
