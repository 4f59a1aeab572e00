/* The sequences of a mock (contract/sequences.h).
 *
 * An execution in a sequence takes one token when it begins, or is submitted, and gives it back if
 * it fails. While one runs or is submitted, the mock refuses to execute in the sequence and to
 * close it, with InvalidState. It accepts further submissions, since they run one after the other.
 */
#ifndef REIN_TESTS_MOCKS_MOCK_SEQUENCES_H
#define REIN_TESTS_MOCKS_MOCK_SEQUENCES_H

#include "contract/sequences.h"
#include "mocks/mock_backend.h"

REIN_API_BEGIN

/* Sets the bytes of state that each token takes: at first 0. Unknown: the state is Unsupported. */
void mock_backend_set_state_bytes_per_token(mock_backend *mock, rein_fact_u64 bytes);

/* Sets how many sequences may be open at once; at first there is no limit. Open ones stay open. */
void mock_backend_set_sequence_limit(mock_backend *mock, size_t count);

/* Returns the number of open sequences. */
size_t mock_backend_open_sequence_count(mock_backend *mock);

/* Returns the tokens that a sequence has left; unknown if it is not open. */
rein_fact_u64 mock_backend_tokens_left(mock_backend *mock, rein_sequence_id sequence);

REIN_API_END

#endif
