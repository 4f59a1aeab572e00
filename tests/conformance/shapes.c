#include "conformance/shapes.h"

/* How far above its smallest an unbounded extent is tried. */
enum { UNBOUNDED_SPAN = 16 };

static int64_t extent_at(const rein_extent_range *extent, conformance_size size) {
    int64_t span =
        extent->max == REIN_EXTENT_UNBOUNDED ? UNBOUNDED_SPAN : extent->max - extent->min;
    int64_t spans[CONFORMANCE_SIZE_COUNT] = {0, span / 2, span};
    return extent->min + spans[size];
}

rein_shape probe_shape(const conformance_probe *probe, conformance_size size,
                       rein_tensor_spec_view inputs, size_t index) {
    const rein_tensor_spec *spec = &inputs.specs[index];
    rein_shape shape = {.rank = spec->rank};
    for (int32_t dimension = 0; dimension < spec->rank; dimension++) {
        shape.dimensions[dimension] = extent_at(&spec->extents[dimension], size);
    }
    const conformance_subject *subject = probe->subject;
    if (subject->choose_shape != NULL) {
        subject->choose_shape(subject->context, size, index, &shape);
    }
    return shape;
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
