/* A backend for the tests of binding and of the calls through the contract. Its slots record their
 * arguments and return the answers that the test has set. Its tables belong to the instance, so
 * that a test may tamper with them. */
#ifndef REIN_TESTS_CONTRACT_STUB_BACKEND_H
#define REIN_TESTS_CONTRACT_STUB_BACKEND_H

#include "contract/buffers.h"
#include "contract/sequences.h"
#include "contract/submission.h"
#include "expect.h"
#include "samples.h"

/* The arguments of the latest call of a slot, as far as it has them. */
typedef struct stub_arguments {
    const char *model_path;
    const rein_model_id *model_id;
    const rein_execution_request *request;
    rein_execution_result *result;
    const rein_input_shapes *shapes;
    struct CUstream_st *stream;
    uint64_t number; /* tokens, a sequence or a size */
    rein_memory_kind kind;
    rein_completion completion;
    void *buffer;
} stub_arguments;

typedef struct stub_backend {
    rein_backend_interface table;
    rein_sequences_interface sequences;
    rein_submission_interface submission;
    rein_buffers_interface buffers;
    rein_backend_capabilities capabilities;
    const rein_backend_capabilities *answered; /* by the slot capabilities; the member at first */
    const char *slot;                          /* of the latest call; NULL: none was called */
    stub_arguments arguments;
    size_t call_count; /* of all slots but capabilities and is_loaded */
    bool is_loaded;    /* the answer of the slot of this name */
    bool fails;        /* whether slots answer the error of stub_error */
} stub_backend;

static inline rein_error stub_error(void) {
    rein_error error = rein_error_make(REIN_ERROR_DEVICE_LOST, REIN_HERE, "gone");
    return rein_error_with_native_code(error, 719);
}

static inline rein_result_void stub_call(stub_backend *stub, const char *slot,
                                         stub_arguments arguments) {
    stub->call_count++;
    stub->slot = slot;
    stub->arguments = arguments;
    return stub->fails ? rein_result_void_fail(stub_error()) : rein_done();
}

static inline rein_result_void stub_load(void *self, const char *model_path,
                                         const rein_model_id *model_id) {
    stub_arguments arguments = {.model_path = model_path, .model_id = model_id};
    return stub_call(self, "load", arguments);
}

static inline rein_result_void stub_unload(void *self) {
    return stub_call(self, "unload", (stub_arguments){0});
}

static inline rein_result_void stub_execute(void *self, const rein_execution_request *request,
                                            rein_execution_result *out_result) {
    stub_arguments arguments = {.request = request, .result = out_result};
    return stub_call(self, "execute", arguments);
}

static inline const rein_backend_capabilities *stub_capabilities(void *self) {
    return ((stub_backend *)self)->answered;
}

static inline bool stub_is_loaded(void *self) {
    return ((stub_backend *)self)->is_loaded;
}

static inline void stub_destroy(void *self) {
    REIN_IGNORE(stub_call(self, "destroy", (stub_arguments){0}));
}

static inline rein_result_memory_estimate stub_estimate_memory(void *self, const char *model_path,
                                                               const rein_input_shapes *shapes) {
    stub_arguments arguments = {.model_path = model_path, .shapes = shapes};
    REIN_TRY(rein_result_memory_estimate, stub_call(self, "estimate_memory", arguments));
    rein_memory_estimate estimate = {.weights_bytes = rein_fact_u64_known(1)};
    return rein_result_memory_estimate_ok(estimate);
}

static inline rein_result_lifetime_view stub_estimate_lifetimes(void *self, const char *model_path,
                                                                const rein_input_shapes *shapes) {
    stub_arguments arguments = {.model_path = model_path, .shapes = shapes};
    REIN_TRY(rein_result_lifetime_view, stub_call(self, "estimate_lifetimes", arguments));
    return rein_result_lifetime_view_ok((rein_lifetime_view){.count = 2});
}

static inline rein_result_tensor_spec_view stub_input_specs(void *self, const char *model_path) {
    stub_arguments arguments = {.model_path = model_path};
    REIN_TRY(rein_result_tensor_spec_view, stub_call(self, "input_specs", arguments));
    return rein_result_tensor_spec_view_ok((rein_tensor_spec_view){.count = 3});
}

static inline rein_result_tensor_spec_view stub_output_specs(void *self, const char *model_path) {
    stub_arguments arguments = {.model_path = model_path};
    REIN_TRY(rein_result_tensor_spec_view, stub_call(self, "output_specs", arguments));
    return rein_result_tensor_spec_view_ok((rein_tensor_spec_view){.count = 4});
}

static inline rein_result_void stub_warmup(void *self, struct CUstream_st *stream) {
    return stub_call(self, "warmup", (stub_arguments){.stream = stream});
}

static inline rein_result_bytes stub_estimate_state(void *self, const char *model_path,
                                                    uint64_t max_tokens) {
    REIN_TRY(rein_result_bytes,
             stub_call(self, "estimate_state",
                       (stub_arguments){.model_path = model_path, .number = max_tokens}));
    return rein_result_bytes_ok(64);
}

static inline rein_result_sequence_id stub_open(void *self, uint64_t max_tokens) {
    REIN_TRY(rein_result_sequence_id,
             stub_call(self, "open", (stub_arguments){.number = max_tokens}));
    return rein_result_sequence_id_ok((rein_sequence_id){.value = 5});
}

static inline rein_result_void stub_close(void *self, rein_sequence_id sequence) {
    return stub_call(self, "close", (stub_arguments){.number = sequence.value});
}

static inline rein_result_void stub_submit(void *self, const rein_execution_request *request,
                                           rein_execution_result *out_result,
                                           rein_completion completion) {
    stub_arguments arguments = {.request = request, .result = out_result, .completion = completion};
    return stub_call(self, "submit", arguments);
}

static inline rein_result_void stub_drain(void *self) {
    return stub_call(self, "drain", (stub_arguments){0});
}

static inline rein_result_buffer stub_allocate(void *self, uint64_t size_bytes,
                                               rein_memory_kind kind) {
    stub_arguments arguments = {.number = size_bytes, .kind = kind};
    REIN_TRY(rein_result_buffer, stub_call(self, "allocate", arguments));
    return rein_result_buffer_ok(self);
}

static inline void stub_release(void *self, void *buffer) {
    REIN_IGNORE(stub_call(self, "release", (stub_arguments){.buffer = buffer}));
}

static inline rein_backend_interface stub_table(const stub_backend *stub) {
    return (rein_backend_interface){
        .struct_size = sizeof(rein_backend_interface),
        .load = stub_load,
        .unload = stub_unload,
        .execute = stub_execute,
        .capabilities = stub_capabilities,
        .is_loaded = stub_is_loaded,
        .destroy = stub_destroy,
        .estimate_memory = stub_estimate_memory,
        .estimate_lifetimes = stub_estimate_lifetimes,
        .input_specs = stub_input_specs,
        .output_specs = stub_output_specs,
        .warmup = stub_warmup,
        .sequences = &stub->sequences,
        .submission = &stub->submission,
        .buffers = &stub->buffers,
    };
}

/* A backend with all parts, which takes Host and Pinned memory. */
static inline void stub_init(stub_backend *out_stub) {
    rein_memory_kind_set kinds = {0};
    kinds = rein_memory_kind_set_with(kinds, REIN_MEMORY_HOST);
    kinds = rein_memory_kind_set_with(kinds, REIN_MEMORY_PINNED);
    *out_stub = (stub_backend){
        .table = stub_table(out_stub),
        .sequences = {sizeof out_stub->sequences, stub_estimate_state, stub_open, stub_close},
        .submission = {sizeof out_stub->submission, stub_submit, stub_drain},
        .buffers = {sizeof out_stub->buffers, stub_allocate, stub_release},
        .capabilities = {.struct_size = sizeof out_stub->capabilities,
                         .backend_name = "stub",
                         .max_batch_size = 1,
                         .memory_kinds = kinds,
                         .supports_async_execution = true},
        .answered = &out_stub->capabilities,
    };
}

static inline rein_backend stub_bind(stub_backend *stub) {
    return REIN_UNWRAP(rein_backend_bind(&stub->table, stub));
}

/* The latest call was of this slot, and it was the only one since the last question. */
static inline void expect_called(stub_backend *stub, const char *slot) {
    cr_assert(stub->call_count == 1, "%zu calls, expected one of %s", stub->call_count, slot);
    cr_assert(is_same_text(stub->slot, slot), "%s was called, expected %s", stub->slot, slot);
    stub->call_count = 0;
}

/* The error is the stub's own, unchanged. */
static inline void expect_passed_on(const rein_error *error) {
    expect_error_facts(error, REIN_ERROR_DEVICE_LOST, "gone");
    cr_assert(error->native_code == 719, "the native code is %d", (int)error->native_code);
    cr_assert(is_same_text(error->where.function, "stub_error"), "it arose in the slot");
}

/* Calls `refuse` with NULL, a zeroed backend, and one that was destroyed. */
static inline void for_each_unbound(void (*refuse)(const rein_backend *backend)) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = {0};
    refuse(NULL);
    refuse(&backend);
    backend = stub_bind(&stub);
    rein_backend_destroy(&backend);
    expect_called(&stub, "destroy");
    refuse(&backend);
    cr_assert(stub.call_count == 0, "no slot was called");
}

#endif
