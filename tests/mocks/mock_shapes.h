/* Dynamic models: the shapes of a mock's outputs, and estimates that depend on shapes.
 *
 * By default each dimension of an output has the extent of the first input dimension with the same
 * symbol. Without such a dimension it has its largest extent, or its smallest if the largest is
 * unbounded. */
#ifndef REIN_TESTS_MOCKS_MOCK_SHAPES_H
#define REIN_TESTS_MOCKS_MOCK_SHAPES_H

#include "mocks/mock_backend.h"

REIN_API_BEGIN

/* Sets the shape of the output at `index` for every execution from now on; NULL: the default.
 * Setting the output specs resets it. Errors: InvalidArgument if there is no such output or its
 * spec does not allow the shape. */
REIN_MUST_USE rein_result_void mock_backend_set_output_shape(mock_backend *mock, size_t index,
                                                             const rein_shape *shape);

/* Returns the estimate for `shapes`, which fit the input specs. NULL stands for the largest shapes.
 * Must not destroy the mock; may call its other functions. */
typedef rein_memory_estimate (*mock_estimate_function)(void *context,
                                                       const rein_input_shapes *shapes);

/* Makes estimate_memory return what `function` returns; NULL: the fixed estimate of
 * mock_backend_set_memory_estimate. */
void mock_backend_set_estimate_function(mock_backend *mock, mock_estimate_function function,
                                        void *context);

REIN_API_END

#endif
