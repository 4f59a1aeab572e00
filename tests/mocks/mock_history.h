/* The requests that a mock was given, in the order in which they came. Not safe under threads: the
 * mock guards it. */
#ifndef REIN_TESTS_MOCKS_MOCK_HISTORY_H
#define REIN_TESTS_MOCKS_MOCK_HISTORY_H

#include "contract/execution.h"

/* Zeroed at first: an empty history. Owns the requests. */
typedef struct mock_history {
    rein_execution_request **requests;
    size_t count;
    size_t capacity;
} mock_history;

/* Adds a copy of `request`, its tensors and their data; `request` has passed
 * rein_execution_request_validate. Errors: OutOfMemory; the history is then unchanged. */
REIN_MUST_USE rein_result_void mock_history_append(mock_history *history,
                                                   const rein_execution_request *request);

/* Frees the requests and leaves an empty history. */
void mock_history_clear(mock_history *history);

#endif
