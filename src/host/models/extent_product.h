/* The number of elements of a tensor: the product of its extents. */
#ifndef REIN_HOST_MODELS_EXTENT_PRODUCT_H
#define REIN_HOST_MODELS_EXTENT_PRODUCT_H

#include "host/base/checked.h"

/* A product of extents. A zero makes it zero, even if the others do not fit. */
typedef struct extent_product {
    uint64_t product;
    bool is_zero;
    bool is_too_large;
} extent_product;

static inline extent_product extent_product_begin(void) {
    return (extent_product){1, false, false};
}

static inline void extent_product_take(extent_product *extents, uint64_t extent) {
    if (extent == 0) {
        extents->is_zero = true;
    } else if (!checked_multiply(extents->product, extent, &extents->product)) {
        extents->is_too_large = true;
    }
}

/* Returns false if the product does not fit in 64 bits. */
static inline bool extent_product_end(const extent_product *extents, uint64_t *out_product) {
    *out_product = extents->is_zero ? 0 : extents->product;
    return extents->is_zero || !extents->is_too_large;
}

#endif
