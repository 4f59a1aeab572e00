#include "mocks/mock_shapes.h"

#include "mocks/mock_backend_state.h"

static rein_shape default_shape(const mock_backend *mock, const rein_execution_request *request,
                                const rein_tensor_spec *spec) {
    rein_shape shape = rein_tensor_spec_max_shape(spec);
    for (int32_t dimension = 0; dimension < spec->rank; dimension++) {
        const rein_extent_range *extent = &spec->extents[dimension];
        size_t input = 0;
        int32_t source = 0;
        if (rein_tensor_spec_view_find(mock->input_specs, extent->symbol, &input, &source)) {
            shape.dimensions[dimension] =
                request->input_tensors[input].descriptor.shape.dimensions[source];
        } else if (extent->max == REIN_EXTENT_UNBOUNDED) {
            shape.dimensions[dimension] = extent->min;
        }
    }
    return shape;
}

void mock_output_shapes_locked(const mock_backend *mock, const rein_execution_request *request,
                               rein_shape *out_shapes) {
    for (size_t index = 0; index < mock->output_specs.count; index++) {
        const rein_shape *set = &mock->output_shapes[index];
        out_shapes[index] =
            set->rank >= 0 ? *set : default_shape(mock, request, &mock->output_specs.specs[index]);
    }
}

static rein_result_void set_shape_locked(mock_backend *mock, size_t index,
                                         const rein_shape *shape) {
    if (index >= mock->output_specs.count) {
        return rein_result_void_fail(rein_error_with_numbers(
            rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                            "output {u} does not exist; the mock has {u} outputs"),
            index, mock->output_specs.count, 0));
    }
    if (shape == NULL) {
        mock->output_shapes[index].rank = -1;
        return rein_done();
    }
    REIN_TRY(rein_result_void,
             rein_tensor_spec_size_bytes(&mock->output_specs.specs[index], shape));
    mock->output_shapes[index] = *shape;
    return rein_done();
}

void mock_backend_set_estimate_function(mock_backend *mock, mock_estimate_function function,
                                        void *context) {
    mock_lock(mock);
    mock->estimate_function = function;
    mock->estimate_context = context;
    mock_unlock(mock);
}

rein_result_void mock_backend_set_output_shape(mock_backend *mock, size_t index,
                                               const rein_shape *shape) {
    mock_lock(mock);
    rein_result_void set = set_shape_locked(mock, index, shape);
    mock_unlock(mock);
    return set;
}
