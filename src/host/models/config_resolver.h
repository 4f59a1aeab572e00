/* Finds the facts about a cache in the values of a config.json. Functions that return false have
 * set the reason why a fact is unknown. */
#ifndef REIN_HOST_MODELS_CONFIG_RESOLVER_H
#define REIN_HOST_MODELS_CONFIG_RESOLVER_H

#include "host/models/config_file.h"
#include "host/models/config_types.h"

typedef struct config_resolver {
    const config_file *file;
    const config_object *object; /* of the file: the one that counts */
    const config_type *type;     /* set by the first step */
    rein_config *config;
} config_resolver;

/* Sets the reason and its key. Returns false. */
bool rein_i_config_fail(config_resolver *resolver, const char *reason, const char *key);

/* Adds an input without a value. */
rein_config_input *rein_i_config_add_input(config_resolver *resolver, config_key key,
                                           rein_config_source source);

/* Adds an input that is a number. */
void rein_i_config_add_number(config_resolver *resolver, config_key key, rein_config_source source,
                              uint64_t number);

/* Gets a number, which must be above 0, or its default, and adds it to the inputs. */
bool rein_i_config_get_number(config_resolver *resolver, config_key key, uint64_t default_number,
                              uint64_t *out_number);

static inline bool config_is_null(const config_resolver *resolver, config_key key) {
    return resolver->object->values[key].kind == CONFIG_NULL;
}

/* Finds the numbers of layers with and without a window, and the window. */
bool rein_i_config_find_layers(config_resolver *resolver);

#endif
