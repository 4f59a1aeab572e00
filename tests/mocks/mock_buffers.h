/* The buffers of a mock (contract/buffers.h): host memory for every kind. */
#ifndef REIN_TESTS_MOCKS_MOCK_BUFFERS_H
#define REIN_TESTS_MOCKS_MOCK_BUFFERS_H

#include "contract/buffers.h"
#include "mocks/mock_backend.h"

REIN_API_BEGIN

/* Returns the number of buffers that are allocated and not released. */
size_t mock_backend_buffer_count(mock_backend *mock);

/* Returns how often a pointer was released that was not an allocated buffer of this mock, since the
 * start or the last reset. Such a release does nothing else. */
uint64_t mock_backend_stray_release_count(mock_backend *mock);

REIN_API_END

#endif
