#include "mocks/mock_sequences.h"

#include <stdlib.h>

#include "mocks/mock_backend_state.h"

/* Returns the open sequence of this id, or NULL. */
static mock_sequence *find_locked(const mock_sequences *sequences, rein_sequence_id id) {
    for (size_t index = 0; index < sequences->count; index++) {
        if (rein_sequence_id_equal(sequences->open[index].id, id)) {
            return &sequences->open[index];
        }
    }
    return NULL;
}

static rein_error not_open(rein_source_location where, rein_sequence_id id) {
    return rein_error_with_numbers(
        rein_error_make(REIN_ERROR_NOT_FOUND, where, "sequence {u} is not open"), id.value, 0, 0);
}

static rein_error busy(rein_source_location where, rein_sequence_id id) {
    return rein_error_with_numbers(
        rein_error_make(REIN_ERROR_INVALID_STATE, where,
                        "an execution of sequence {u} is running; wait until it has completed"),
        id.value, 0, 0);
}

rein_result_void mock_sequence_begin_locked(mock_backend *mock, mock_backend_call call,
                                            rein_sequence_id sequence) {
    if (sequence.value == 0) {
        return rein_done();
    }
    mock_sequence *found = find_locked(&mock->sequences, sequence);
    if (found == NULL) {
        return rein_result_void_fail(not_open(REIN_HERE, sequence));
    }
    if (call == MOCK_BACKEND_EXECUTE && found->running_executions > 0) {
        return rein_result_void_fail(busy(REIN_HERE, sequence));
    }
    if (found->tokens_left == 0) {
        rein_error error = rein_error_make(REIN_ERROR_BUDGET_EXCEEDED, REIN_HERE,
                                           "sequence {u} has used all its tokens");
        return rein_result_void_fail(rein_error_with_numbers(error, sequence.value, 0, 0));
    }
    found->tokens_left--;
    found->running_executions++;
    return rein_done();
}

void mock_sequence_end_locked(mock_backend *mock, rein_sequence_id sequence, bool has_succeeded) {
    mock_sequence *found = find_locked(&mock->sequences, sequence);
    if (found != NULL) {
        found->running_executions--;
        found->tokens_left += has_succeeded ? 0 : 1;
    }
}

void mock_sequences_close_all_locked(mock_backend *mock) {
    free(mock->sequences.open);
    mock->sequences.open = NULL;
    mock->sequences.count = 0;
    mock->sequences.capacity = 0;
}

static rein_result_void reserve_one_locked(mock_sequences *sequences) {
    if (sequences->count >= sequences->limit) {
        rein_error error =
            rein_error_make(REIN_ERROR_BUDGET_EXCEEDED, REIN_HERE,
                            "{u} sequences are open, the limit of the mock; close one first");
        return rein_result_void_fail(rein_error_with_numbers(error, sequences->count, 0, 0));
    }
    if (sequences->count == sequences->capacity) {
        size_t capacity = 2 * sequences->capacity + 4;
        mock_sequence *grown = realloc(sequences->open, capacity * sizeof *grown);
        if (grown == NULL) {
            return rein_result_void_fail(mock_out_of_memory(REIN_HERE));
        }
        sequences->open = grown;
        sequences->capacity = capacity;
    }
    return rein_done();
}

static rein_result_sequence_id open_locked(mock_backend *mock, uint64_t max_tokens) {
    mock_sequences *sequences = &mock->sequences;
    REIN_TRY(rein_result_sequence_id, mock_begin_call_locked(mock, MOCK_BACKEND_OPEN_SEQUENCE));
    REIN_TRY(rein_result_sequence_id, mock_require_loaded_locked(mock, REIN_HERE));
    REIN_TRY(rein_result_sequence_id, reserve_one_locked(sequences));
    rein_sequence_id id = {.value = ++sequences->last_id};
    sequences->open[sequences->count++] = (mock_sequence){.id = id, .tokens_left = max_tokens};
    return rein_result_sequence_id_ok(id);
}

static rein_result_sequence_id slot_open(void *self, uint64_t max_tokens) {
    mock_backend *mock = self;
    mock_lock(mock);
    rein_result_sequence_id opened = open_locked(mock, max_tokens);
    mock_unlock(mock);
    return opened;
}

static rein_result_void close_locked(mock_backend *mock, rein_sequence_id sequence) {
    REIN_TRY(rein_result_void, mock_begin_call_locked(mock, MOCK_BACKEND_CLOSE_SEQUENCE));
    mock_sequence *found = find_locked(&mock->sequences, sequence);
    if (found == NULL) {
        return rein_result_void_fail(not_open(REIN_HERE, sequence));
    }
    if (found->running_executions > 0) {
        return rein_result_void_fail(busy(REIN_HERE, sequence));
    }
    *found = mock->sequences.open[--mock->sequences.count];
    return rein_done();
}

static rein_result_void slot_close(void *self, rein_sequence_id sequence) {
    mock_backend *mock = self;
    mock_lock(mock);
    rein_result_void closed = close_locked(mock, sequence);
    mock_unlock(mock);
    return closed;
}

static rein_result_bytes state_bytes(rein_fact_u64 bytes_per_token, uint64_t max_tokens) {
    uint64_t bytes = 0;
    if (!bytes_per_token.is_known) {
        return rein_result_bytes_fail(
            rein_error_make(REIN_ERROR_UNSUPPORTED, REIN_HERE,
                            "the mock does not know the bytes of state of a token"));
    }
    if (__builtin_mul_overflow(bytes_per_token.value, max_tokens, &bytes)) {
        rein_error error = rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                                           "the state of {u} tokens does not fit in 64 bits");
        return rein_result_bytes_fail(rein_error_with_numbers(error, max_tokens, 0, 0));
    }
    return rein_result_bytes_ok(bytes);
}

static rein_result_bytes slot_estimate_state(void *self, const char *model_path,
                                             uint64_t max_tokens) {
    mock_backend *mock = self;
    mock_lock(mock);
    rein_result_void begun =
        mock_begin_analysis_locked(mock, MOCK_BACKEND_ESTIMATE_STATE, model_path, NULL);
    rein_fact_u64 bytes_per_token = mock->sequences.bytes_per_token;
    mock_unlock(mock);
    REIN_TRY(rein_result_bytes, begun);
    return state_bytes(bytes_per_token, max_tokens);
}

const rein_sequences_interface mock_sequences_interface = {
    .struct_size = sizeof mock_sequences_interface,
    .estimate_state = slot_estimate_state,
    .open = slot_open,
    .close = slot_close,
};

void mock_backend_set_state_bytes_per_token(mock_backend *mock, rein_fact_u64 bytes) {
    mock_lock(mock);
    mock->sequences.bytes_per_token = bytes;
    mock_unlock(mock);
}

void mock_backend_set_sequence_limit(mock_backend *mock, size_t count) {
    mock_lock(mock);
    mock->sequences.limit = count;
    mock_unlock(mock);
}

size_t mock_backend_open_sequence_count(mock_backend *mock) {
    mock_lock(mock);
    size_t count = mock->sequences.count;
    mock_unlock(mock);
    return count;
}

rein_fact_u64 mock_backend_tokens_left(mock_backend *mock, rein_sequence_id sequence) {
    mock_lock(mock);
    const mock_sequence *found = find_locked(&mock->sequences, sequence);
    rein_fact_u64 left =
        found == NULL ? rein_fact_u64_unknown() : rein_fact_u64_known(found->tokens_left);
    mock_unlock(mock);
    return left;
}
