/* The requests that a mock received, in order. Not thread-safe: the mock guards it. */
#ifndef REIN_TESTS_MOCKS_MOCK_HISTORY_H
#define REIN_TESTS_MOCKS_MOCK_HISTORY_H

#include "contract/execution.h"

/* An empty history if zeroed. Owns the requests. */
typedef struct mock_history {
    rein_execution_request **requests;
    size_t count;
    size_t capacity;
} mock_history;

/* Appends a copy of `request`, its tensors and their data. The request must have passed
 * rein_execution_request_validate. Errors: OutOfMemory; the history is then unchanged. */
REIN_MUST_USE rein_result_void mock_history_append(mock_history *history,
                                                   const rein_execution_request *request);

/* Frees the requests and leaves an empty history. */
void mock_history_clear(mock_history *history);

#endif
