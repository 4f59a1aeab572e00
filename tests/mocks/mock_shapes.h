/* The shapes of a mock's outputs: for tests of dynamic models.
 *
 * By default each dimension of an output has the extent of the first input dimension with the same
 * symbol; if there is none, its largest extent, or its smallest if the largest is unbounded. */
#ifndef REIN_TESTS_MOCKS_MOCK_SHAPES_H
#define REIN_TESTS_MOCKS_MOCK_SHAPES_H

#include "mocks/mock_backend.h"

REIN_API_BEGIN

/* Every execution from now on gives the output at `index` this shape; NULL: the default. Setting
 * the output specs resets it. Errors: InvalidArgument if there is no such output or its spec does
 * not allow the shape. */
REIN_MUST_USE rein_result_void mock_backend_set_output_shape(mock_backend *mock, size_t index,
                                                             const rein_shape *shape);

REIN_API_END

#endif
