/* The asynchronous executions of a mock (contract/submission.h).
 *
 * The mock's device runs submitted executions one after the other, whatever their stream. Each
 * begins when it is submitted or when the one before it ends, whichever is later, and takes the
 * mock's latency. The mock has no thread that completes them: mock_backend_complete_due, drain,
 * unload and destroy do. Completions are called one at a time, in the order of submission, by the
 * thread that calls one of these functions; they must not call these functions. */
#ifndef REIN_TESTS_MOCKS_MOCK_SUBMISSION_H
#define REIN_TESTS_MOCKS_MOCK_SUBMISSION_H

#include "contract/submission.h"
#include "mocks/mock_backend.h"

REIN_API_BEGIN

/* Completes the submitted executions that have ended by the clock's current time. Returns how many
 * this call completed. */
size_t mock_backend_complete_due(mock_backend *mock);

/* Returns the number of submitted executions whose completion has not returned. */
size_t mock_backend_pending_count(mock_backend *mock);

REIN_API_END

#endif
