/* The shapes of a model's inputs with which the rules execute it. */
#ifndef REIN_TESTS_CONFORMANCE_SHAPES_H
#define REIN_TESTS_CONFORMANCE_SHAPES_H

#include "conformance/probe.h"

/* Returns the shape of the input at `index` for this size (see conformance_subject). Dimensions
 * with the same symbol have the same extent. */
rein_shape probe_shape(const conformance_probe *probe, conformance_size size,
                       rein_tensor_spec_view inputs, size_t index);

/* Returns the shapes of all inputs at this size, on the heap. Breaks the rule and returns NULL if
 * there is no memory. */
rein_shape *probe_shapes(conformance_probe *probe, conformance_size size,
                         rein_tensor_spec_view inputs);

/* Returns the extents that the dimension and all others of the inputs with its symbol may have:
 * `max` is below `min` if there are none. */
rein_extent_range probe_common_range(rein_tensor_spec_view inputs, const rein_extent_range *extent);

/* Returns whether an input of the model has a dimension that is a range. Waives the rule if not. */
bool probe_is_dynamic(conformance_probe *probe, rein_tensor_spec_view inputs);

#endif
