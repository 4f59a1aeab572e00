/* How the types of a KV cache store elements. */
#ifndef REIN_HOST_MODELS_CACHE_TYPE_H
#define REIN_HOST_MODELS_CACHE_TYPE_H

#include "models/engine.h"

typedef struct cache_type_layout {
    const char *name;
    uint32_t block_elements;
    uint32_t block_bytes;
} cache_type_layout;

/* Returns the layout of a type, which is not REIN_CACHE_UNSET; NULL if it is not a type. Static
 * storage. */
const cache_type_layout *rein_i_cache_type_layout(rein_cache_type type);

/* Returns whether the type stores several elements in a block. */
static inline bool cache_type_is_quantised(const cache_type_layout *layout) {
    return layout->block_elements > 1;
}

#endif
