#include "conformance/shapes.h"

#include <stdlib.h>
#include <string.h>

/* How far above its smallest an unbounded extent is tried. */
enum { UNBOUNDED_SPAN = 16 };

static int64_t extent_at(const rein_extent_range *extent, conformance_size size) {
    int64_t span =
        extent->max == REIN_EXTENT_UNBOUNDED ? UNBOUNDED_SPAN : extent->max - extent->min;
    int64_t spans[CONFORMANCE_SIZE_COUNT] = {0, span / 2, span};
    return extent->min + spans[size];
}

/* Narrows a range to the extents that a dimension of the same symbol may have. */
static void intersect(rein_extent_range *range, const rein_extent_range *other) {
    if (strcmp(range->symbol, other->symbol) == 0) {
        range->min = other->min > range->min ? other->min : range->min;
        range->max = other->max < range->max ? other->max : range->max;
    }
}

rein_extent_range probe_common_range(rein_tensor_spec_view inputs,
                                     const rein_extent_range *extent) {
    rein_extent_range range = *extent;
    for (size_t input = 0; extent->symbol[0] != '\0' && input < inputs.count; input++) {
        const rein_tensor_spec *spec = &inputs.specs[input];
        for (int32_t dimension = 0; dimension < spec->rank; dimension++) {
            intersect(&range, &spec->extents[dimension]);
        }
    }
    return range;
}

rein_shape probe_shape(const conformance_probe *probe, conformance_size size,
                       rein_tensor_spec_view inputs, size_t index) {
    const rein_tensor_spec *spec = &inputs.specs[index];
    rein_shape shape = {.rank = spec->rank};
    for (int32_t dimension = 0; dimension < spec->rank; dimension++) {
        rein_extent_range range = probe_common_range(inputs, &spec->extents[dimension]);
        shape.dimensions[dimension] = extent_at(&range, size);
    }
    const conformance_subject *subject = probe->subject;
    if (subject->choose_shape != NULL) {
        subject->choose_shape(subject->context, size, index, &shape);
    }
    return shape;
}

rein_shape *probe_shapes(conformance_probe *probe, conformance_size size,
                         rein_tensor_spec_view inputs) {
    rein_shape *shapes = calloc(inputs.count + 1, sizeof *shapes);
    if (probe_expect(probe, shapes != NULL, "there is memory for the shapes", REIN_HERE)) {
        for (size_t index = 0; index < inputs.count; index++) {
            shapes[index] = probe_shape(probe, size, inputs, index);
        }
    }
    return shapes;
}

bool probe_is_dynamic(conformance_probe *probe, rein_tensor_spec_view inputs) {
    for (size_t index = 0; index < inputs.count; index++) {
        if (!rein_tensor_spec_is_fixed(&inputs.specs[index])) {
            return true;
        }
    }
    probe_waive(probe, "all inputs of the model have fixed shapes");
    return false;
}
