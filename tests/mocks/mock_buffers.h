/* The buffers of a mock (contract/buffers.h): memory of the host, whatever kind is asked for. */
#ifndef REIN_TESTS_MOCKS_MOCK_BUFFERS_H
#define REIN_TESTS_MOCKS_MOCK_BUFFERS_H

#include "contract/buffers.h"
#include "mocks/mock_backend.h"

REIN_API_BEGIN

/* Buffers that are allocated and not released. */
size_t mock_backend_buffer_count(mock_backend *mock);

REIN_API_END

#endif
