/* The sequences of a mock (contract/sequences.h). Each execution in a sequence takes one token. */
#ifndef REIN_TESTS_MOCKS_MOCK_SEQUENCES_H
#define REIN_TESTS_MOCKS_MOCK_SEQUENCES_H

#include "contract/sequences.h"
#include "mocks/mock_backend.h"

REIN_API_BEGIN

/* At most `count` sequences are open at once from now on; those that are open stay so. At first
 * there is no limit. */
void mock_backend_set_sequence_limit(mock_backend *mock, size_t count);

/* Sequences that are open now. */
size_t mock_backend_open_sequence_count(mock_backend *mock);

/* Tokens that a sequence has left; unknown if it is not open. */
rein_fact_u64 mock_backend_tokens_left(mock_backend *mock, rein_sequence_id sequence);

REIN_API_END

#endif
