/* The calls of a backend's optional parts. */
#include "contract/buffers.h"
#include "contract/sequences.h"
#include "contract/submission.h"
#include "host/contract/backend.h"
#include "host/contract/execution.h"
#include "host/contract/invalid.h"
#include "host/contract/tensor_spec.h"

static rein_result_void require_part(const rein_backend *backend, size_t offset, const char *part,
                                     rein_source_location where) {
    REIN_TRY(rein_result_void, rein_i_backend_require(backend));
    return rein_i_backend_has(backend->table, offset)
               ? rein_done()
               : rein_result_void_fail(rein_i_error_about(
                     REIN_ERROR_UNSUPPORTED, where,
                     "the backend does not support the optional part '{text}'", part));
}

static rein_result_void require_sequences(const rein_backend *backend, rein_source_location where) {
    return require_part(backend, offsetof(rein_backend_interface, sequences), "sequences", where);
}

static rein_result_void require_submission(const rein_backend *backend,
                                           rein_source_location where) {
    return require_part(backend, offsetof(rein_backend_interface, submission), "submission", where);
}

static rein_result_void require_buffers(const rein_backend *backend, rein_source_location where) {
    return require_part(backend, offsetof(rein_backend_interface, buffers), "buffers", where);
}

static rein_result_void check_token_count(uint64_t max_tokens, rein_source_location where) {
    return max_tokens > 0 ? rein_done()
                          : rein_i_invalid(where, "max_tokens is 0" MUST_BE_POSITIVE, 0, 0, 0);
}

rein_result_bytes rein_backend_estimate_state(const rein_backend *backend, const char *model_path,
                                              uint64_t max_tokens) {
    REIN_TRY(rein_result_bytes, require_sequences(backend, REIN_HERE));
    REIN_TRY(rein_result_bytes, rein_i_backend_check_path(model_path, REIN_HERE));
    REIN_TRY(rein_result_bytes, check_token_count(max_tokens, REIN_HERE));
    return backend->table->sequences->estimate_state(backend->self, model_path, max_tokens);
}

rein_result_sequence_id rein_backend_open_sequence(const rein_backend *backend,
                                                   uint64_t max_tokens) {
    REIN_TRY(rein_result_sequence_id, require_sequences(backend, REIN_HERE));
    REIN_TRY(rein_result_sequence_id, check_token_count(max_tokens, REIN_HERE));
    return backend->table->sequences->open(backend->self, max_tokens);
}

rein_result_void rein_backend_close_sequence(const rein_backend *backend,
                                             rein_sequence_id sequence) {
    REIN_TRY(rein_result_void, require_sequences(backend, REIN_HERE));
    if (sequence.value == 0) {
        return rein_i_invalid(REIN_HERE, "sequence 0 does not exist; close one that was opened", 0,
                              0, 0);
    }
    return backend->table->sequences->close(backend->self, sequence);
}

rein_result_void rein_backend_submit(const rein_backend *backend,
                                     const rein_execution_request *request,
                                     rein_execution_result *out_result,
                                     rein_completion completion) {
    REIN_TRY(rein_result_void, require_submission(backend, REIN_HERE));
    REIN_TRY(rein_result_void, rein_i_backend_check_request(backend, request));
    REIN_TRY(rein_result_void, rein_i_result_check(out_result));
    if (completion.function == NULL) {
        return rein_i_invalid(REIN_HERE, "the completion's function" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    return backend->table->submission->submit(backend->self, request, out_result, completion);
}

rein_result_void rein_backend_drain(const rein_backend *backend) {
    REIN_TRY(rein_result_void, require_submission(backend, REIN_HERE));
    return backend->table->submission->drain(backend->self);
}

rein_result_buffer rein_backend_allocate_buffer(const rein_backend *backend, uint64_t size_bytes,
                                                rein_memory_kind kind) {
    REIN_TRY(rein_result_buffer, require_buffers(backend, REIN_HERE));
    if (size_bytes == 0) {
        return rein_result_buffer_fail(
            rein_i_invalid_error(REIN_HERE, "size_bytes is 0" MUST_BE_POSITIVE, 0, 0, 0));
    }
    REIN_TRY(rein_result_buffer, rein_i_memory_kind_check(kind));
    const rein_memory_kind_set kinds = rein_backend_get_capabilities(backend)->memory_kinds;
    if (!rein_memory_kind_set_has(kinds, kind)) {
        rein_error error = rein_i_error_about(REIN_ERROR_UNSUPPORTED, REIN_HERE,
                                              "the backend does not support {text} memory",
                                              rein_memory_kind_name(kind));
        return rein_result_buffer_fail(error);
    }
    return backend->table->buffers->allocate(backend->self, size_bytes, kind);
}

void rein_backend_release_buffer(const rein_backend *backend, void *buffer) {
    if (buffer != NULL && require_buffers(backend, REIN_HERE).is_ok) {
        backend->table->buffers->release(backend->self, buffer);
    }
}
