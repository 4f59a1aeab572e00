/* The shapes at which a rule tries a model's inputs. */
#ifndef REIN_TESTS_CONFORMANCE_SHAPES_H
#define REIN_TESTS_CONFORMANCE_SHAPES_H

#include "conformance/probe.h"

/* Returns the shape of the input at `index` for this size: see conformance_subject. */
rein_shape probe_shape(const conformance_probe *probe, conformance_size size,
                       rein_tensor_spec_view inputs, size_t index);

/* Whether an input of the model has a dimension that is a range; else waives the rule. */
bool probe_is_dynamic(conformance_probe *probe, rein_tensor_spec_view inputs);

#endif
