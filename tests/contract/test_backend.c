#include "stub_backend.h"

/* Asserts that every call refuses a backend that is not bound. */
static void refuse_calls(const rein_backend *backend) {
    rein_model_id id = sample_model_id();
    rein_execution_request request = sample_request(1);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    rein_result_void done[] = {
        rein_backend_load(backend, "model", &id),
        rein_backend_unload(backend),
        rein_backend_execute(backend, &request, &result),
        rein_backend_warmup(backend, NULL),
    };
    for (size_t index = 0; index < sizeof done / sizeof done[0]; index++) {
        expect_code(&REIN_ERROR(done[index]), REIN_ERROR_INVALID_ARGUMENT);
    }
    rein_result_memory_estimate memory = rein_backend_estimate_memory(backend, "model", NULL);
    expect_code(&REIN_ERROR(memory), REIN_ERROR_INVALID_ARGUMENT);
    rein_result_lifetime_view lifetimes = rein_backend_estimate_lifetimes(backend, "model", NULL);
    expect_code(&REIN_ERROR(lifetimes), REIN_ERROR_INVALID_ARGUMENT);
    rein_result_tensor_spec_view inputs = rein_backend_input_specs(backend, "model");
    expect_code(&REIN_ERROR(inputs), REIN_ERROR_INVALID_ARGUMENT);
    rein_result_tensor_spec_view outputs = rein_backend_output_specs(backend, "model");
    expect_code(&REIN_ERROR(outputs), REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(!rein_backend_is_loaded(backend), "nothing is loaded");
}

Test(backend_calls, refuse_a_backend_that_is_not_bound) {
    for_each_unbound(refuse_calls);
}

static void expect_no_capabilities(const rein_backend *backend) {
    static const rein_backend_capabilities none = {.struct_size = sizeof none};
    const rein_backend_capabilities *answered = rein_backend_get_capabilities(backend);
    cr_assert(answered->struct_size == sizeof none, "the size is known");
    cr_assert(answered->backend_name[0] == '\0' && answered->max_batch_size == 0, "no backend");
    cr_assert(answered->supported_dtypes.bits == 0 && answered->memory_kinds.bits == 0, "no sets");
    cr_assert(!answered->requires_pinned_memory && !answered->supports_async_execution &&
                  !answered->supports_concurrent_execution,
              "nothing is supported");
}

Test(backend_calls, return_zeroed_capabilities_if_not_bound) {
    for_each_unbound(expect_no_capabilities);
}

Test(backend_calls, load_passes_the_path_and_the_id) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    const char *path = "a/model";
    rein_model_id id = sample_model_id();
    cr_assert(rein_backend_load(&backend, path, &id).is_ok, "the slot succeeds");
    expect_called(&stub, "load");
    cr_assert(stub.arguments.model_path == path && stub.arguments.model_id == &id, "both");
    stub.fails = true;
    rein_result_void loaded = rein_backend_load(&backend, path, &id);
    expect_passed_on(&REIN_ERROR(loaded));
}

static void expect_id_refused(const rein_model_id *id) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    rein_result_void loaded = rein_backend_load(&backend, "model", id);
    expect_code(&REIN_ERROR(loaded), REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(stub.call_count == 0, "the slot was not called");
}

Test(backend_calls, load_refuses_an_id_that_breaks_a_rule) {
    rein_model_id id = sample_model_id();
    id.text[20] = 'x';
    expect_id_refused(&id);
    id = (rein_model_id){.text = ""};
    expect_id_refused(&id);
    expect_id_refused(NULL);
}

Test(backend_calls, unload_and_warmup_call_their_slots) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    cr_assert(rein_backend_unload(&backend).is_ok, "the slot succeeds");
    expect_called(&stub, "unload");
    struct CUstream_st *stream = (struct CUstream_st *)(void *)&stub;
    cr_assert(rein_backend_warmup(&backend, stream).is_ok, "the slot succeeds");
    expect_called(&stub, "warmup");
    cr_assert(stub.arguments.stream == stream, "the stream is passed through");
    stub.fails = true;
    rein_result_void unloaded = rein_backend_unload(&backend);
    expect_passed_on(&REIN_ERROR(unloaded));
    rein_result_void warm = rein_backend_warmup(&backend, NULL);
    expect_passed_on(&REIN_ERROR(warm));
}

Test(backend_calls, execute_passes_the_request_and_the_result) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    rein_execution_request request = sample_request(1);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    cr_assert(rein_backend_execute(&backend, &request, &result).is_ok, "the slot succeeds");
    expect_called(&stub, "execute");
    cr_assert(stub.arguments.request == &request && stub.arguments.result == &result, "both");
    stub.fails = true;
    rein_result_void done = rein_backend_execute(&backend, &request, &result);
    expect_passed_on(&REIN_ERROR(done));
}

static void expect_execution_refused(const rein_execution_request *request,
                                     rein_execution_result *result) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    rein_result_void done = rein_backend_execute(&backend, request, result);
    expect_code(&REIN_ERROR(done), REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(stub.call_count == 0, "the slot was not called");
}

Test(backend_calls, execute_refuses_what_is_not_a_request_or_a_result) {
    rein_execution_request request = sample_request(1);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    expect_execution_refused(NULL, &result);
    expect_execution_refused(&request, NULL);
    request.struct_size--;
    expect_execution_refused(&request, &result);
    request = sample_request(1);
    request.input_tensor_count = 1;
    expect_execution_refused(&request, &result);
    request.input_tensor_count = 0;
    result.struct_size++;
    expect_execution_refused(&request, &result);
    result = rein_execution_result_make(NULL, 1);
    expect_execution_refused(&request, &result);
}

Test(backend_calls, a_sequence_needs_a_backend_that_has_them) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    rein_execution_request request = sample_request(1);
    request.sequence.value = 1;
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    cr_assert(rein_backend_execute(&backend, &request, &result).is_ok, "the backend has them");
    stub.table.sequences = NULL;
    stub.call_count = 0;
    rein_result_void done = rein_backend_execute(&backend, &request, &result);
    expect_code(&REIN_ERROR(done), REIN_ERROR_UNSUPPORTED);
    cr_assert(stub.call_count == 0, "the slot was not called");
}

Test(backend_calls, analysis_passes_the_path_and_the_shapes) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    const char *path = "a/model";
    static const rein_shape scalar = {.rank = 0};
    const rein_input_shapes shapes = {.shapes = &scalar, .count = 1};
    cr_assert(
        REIN_UNWRAP(rein_backend_estimate_memory(&backend, path, &shapes)).weights_bytes.is_known,
        "the slot's answer");
    expect_called(&stub, "estimate_memory");
    cr_assert(stub.arguments.model_path == path && stub.arguments.shapes == &shapes, "both");
    cr_assert(REIN_UNWRAP(rein_backend_estimate_lifetimes(&backend, path, &shapes)).count == 2,
              "the slot's answer");
    expect_called(&stub, "estimate_lifetimes");
    cr_assert(stub.arguments.model_path == path && stub.arguments.shapes == &shapes, "both");
    cr_assert(REIN_UNWRAP(rein_backend_input_specs(&backend, path)).count == 3, "its answer");
    expect_called(&stub, "input_specs");
    cr_assert(stub.arguments.model_path == path, "the path");
    cr_assert(REIN_UNWRAP(rein_backend_output_specs(&backend, path)).count == 4, "its answer");
    expect_called(&stub, "output_specs");
    cr_assert(stub.arguments.model_path == path, "the path");
}

Test(backend_calls, analysis_returns_the_errors_of_the_slots) {
    stub_backend stub;
    stub_init(&stub);
    stub.fails = true;
    rein_backend backend = stub_bind(&stub);
    rein_result_memory_estimate memory = rein_backend_estimate_memory(&backend, "model", NULL);
    expect_passed_on(&REIN_ERROR(memory));
    rein_result_lifetime_view lifetimes = rein_backend_estimate_lifetimes(&backend, "model", NULL);
    expect_passed_on(&REIN_ERROR(lifetimes));
    rein_result_tensor_spec_view inputs = rein_backend_input_specs(&backend, "model");
    expect_passed_on(&REIN_ERROR(inputs));
    rein_result_tensor_spec_view outputs = rein_backend_output_specs(&backend, "model");
    expect_passed_on(&REIN_ERROR(outputs));
}

Test(backend_calls, analysis_takes_null_and_no_shapes) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    cr_assert(rein_backend_estimate_memory(&backend, "model", NULL).is_ok, "the largest shapes");
    cr_assert(stub.arguments.shapes == NULL, "NULL is passed through");
    const rein_input_shapes none = {.shapes = NULL, .count = 0};
    cr_assert(rein_backend_estimate_lifetimes(&backend, "model", &none).is_ok, "of no inputs");
    cr_assert(stub.arguments.shapes == &none, "passed through");
}

Test(backend_calls, analysis_refuses_a_null_array_of_shapes) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    const rein_input_shapes missing = {.shapes = NULL, .count = 2};
    rein_result_memory_estimate memory = rein_backend_estimate_memory(&backend, "model", &missing);
    expect_code(&REIN_ERROR(memory), REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(&REIN_ERROR(memory), 2, 0, 0);
    rein_result_lifetime_view lifetimes =
        rein_backend_estimate_lifetimes(&backend, "model", &missing);
    expect_code(&REIN_ERROR(lifetimes), REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(&REIN_ERROR(lifetimes), 2, 0, 0);
    cr_assert(stub.call_count == 0, "no slot was called");
}

static void expect_path_refused(const char *path) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    rein_model_id id = sample_model_id();
    rein_result_void loaded = rein_backend_load(&backend, path, &id);
    expect_code(&REIN_ERROR(loaded), REIN_ERROR_INVALID_ARGUMENT);
    rein_result_memory_estimate memory = rein_backend_estimate_memory(&backend, path, NULL);
    expect_code(&REIN_ERROR(memory), REIN_ERROR_INVALID_ARGUMENT);
    rein_result_lifetime_view lifetimes = rein_backend_estimate_lifetimes(&backend, path, NULL);
    expect_code(&REIN_ERROR(lifetimes), REIN_ERROR_INVALID_ARGUMENT);
    rein_result_tensor_spec_view inputs = rein_backend_input_specs(&backend, path);
    expect_code(&REIN_ERROR(inputs), REIN_ERROR_INVALID_ARGUMENT);
    rein_result_tensor_spec_view outputs = rein_backend_output_specs(&backend, path);
    expect_code(&REIN_ERROR(outputs), REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(stub.call_count == 0, "no slot was called");
}

Test(backend_calls, refuse_a_path_that_is_null_or_empty) {
    expect_path_refused(NULL);
    expect_path_refused("");
}

Test(backend_calls, capabilities_and_is_loaded_call_their_slots) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    cr_assert(rein_backend_get_capabilities(&backend) == &stub.capabilities, "the slot's pointer");
    cr_assert(!rein_backend_is_loaded(&backend), "not loaded");
    stub.is_loaded = true;
    cr_assert(rein_backend_is_loaded(&backend), "loaded");
}

Test(backend_destroy, calls_the_slot_once_and_zeroes_the_binding) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    rein_backend_destroy(&backend);
    expect_called(&stub, "destroy");
    cr_assert(backend.table == NULL && backend.self == NULL, "the binding is zeroed");
    rein_backend_destroy(&backend);
    rein_backend_destroy(NULL);
    cr_assert(stub.call_count == 0, "not again");
}
