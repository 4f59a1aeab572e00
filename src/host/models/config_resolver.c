#include "host/models/config_resolver.h"

#include "host/base/text_writer.h"

bool rein_i_config_fail(config_resolver *resolver, const char *reason, const char *key) {
    rein_config *config = resolver->config;
    config->unknown_reason = reason;
    text_writer writer = rein_i_text_writer_make(config->unknown_key, sizeof config->unknown_key);
    rein_i_text_writer_append(&writer, key);
    return false;
}

rein_config_input *rein_i_config_add_input(config_resolver *resolver, config_key key,
                                           rein_config_source source) {
    rein_config *config = resolver->config;
    rein_config_input *input = &config->inputs[config->input_count++];
    input->key = rein_i_config_key_name(key);
    input->source = source;
    return input;
}

void rein_i_config_add_number(config_resolver *resolver, config_key key, rein_config_source source,
                              uint64_t number) {
    rein_i_config_add_input(resolver, key, source)->number = rein_fact_u64_known(number);
}

bool rein_i_config_get_number(config_resolver *resolver, config_key key, uint64_t default_number,
                              uint64_t *out_number) {
    const config_value *value = &resolver->object->values[key];
    const char *name = rein_i_config_key_name(key);
    if (value->kind == CONFIG_ABSENT) {
        rein_i_config_add_number(resolver, key, REIN_CONFIG_DEFAULT, default_number);
        *out_number = default_number;
        return true;
    }
    if (value->kind != CONFIG_NUMBER || value->number == 0) {
        return rein_i_config_fail(resolver, "the value is not a whole number above 0", name);
    }
    rein_i_config_add_number(resolver, key, REIN_CONFIG_FROM_FILE, value->number);
    *out_number = value->number;
    return true;
}
