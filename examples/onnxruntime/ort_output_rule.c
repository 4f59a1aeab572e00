#include "ort_output_rule.h"

ort_output_rule ort_output_rule_make(const rein_tensor_spec *output, rein_tensor_spec_view inputs) {
    ort_output_rule rule = {.is_known = true, .is_fixed = true, .shape.rank = output->rank};
    for (int32_t dimension = 0; dimension < output->rank; dimension++) {
        const rein_extent_range *range = &output->extents[dimension];
        ort_extent_source *source = &rule.sources[dimension];
        rule.shape.dimensions[dimension] = range->min;
        if (range->min == range->max) {
            source->is_fixed = true;
            continue;
        }
        rule.is_fixed = false;
        rule.is_known =
            rule.is_known &&
            rein_tensor_spec_view_find(inputs, range->symbol, &source->input, &source->dimension);
    }
    return rule;
}

void ort_output_rule_apply(const ort_output_rule *rule, const rein_tensor *inputs,
                           rein_shape *out_shape) {
    *out_shape = rule->shape;
    for (int32_t dimension = 0; !rule->is_fixed && dimension < rule->shape.rank; dimension++) {
        const ort_extent_source *source = &rule->sources[dimension];
        if (!source->is_fixed) {
            out_shape->dimensions[dimension] =
                inputs[source->input].descriptor.shape.dimensions[source->dimension];
        }
    }
}
