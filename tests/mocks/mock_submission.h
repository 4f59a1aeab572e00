/* The asynchronous executions of a mock (contract/submission.h).
 *
 * The mock's device runs submitted executions one after the other: each begins when it is submitted
 * or when the one before it ends, whichever is later, and takes the mock's latency. No thread of
 * the mock completes them: mock_backend_complete_due or drain does. */
#ifndef REIN_TESTS_MOCKS_MOCK_SUBMISSION_H
#define REIN_TESTS_MOCKS_MOCK_SUBMISSION_H

#include "contract/submission.h"
#include "mocks/mock_backend.h"

REIN_API_BEGIN

/* Completes the submitted executions that have ended by the clock's current time, and returns their
 * number. */
size_t mock_backend_complete_due(mock_backend *mock);

/* Submitted executions that are not complete. */
size_t mock_backend_pending_count(mock_backend *mock);

REIN_API_END

#endif
