#include "mocks/mock_buffers.h"

#include "mock_case.h"

TestSuite(mock_buffers, .init = set_up_mock, .fini = tear_down_mock);

static void *allocate(uint64_t size_bytes, rein_memory_kind kind) {
    return REIN_UNWRAP(rein_backend_allocate_buffer(&backend, size_bytes, kind));
}

Test(mock_buffers, gives_memory_of_every_kind) {
    for (int kind = 1; kind <= (int)REIN_MEMORY_KIND_LAST; kind++) {
        void *buffer = allocate(100, (rein_memory_kind)kind);
        memset(buffer, kind, 100);
        cr_assert((uintptr_t)buffer % _Alignof(max_align_t) == 0, "aligned for any type");
        cr_assert(mock_backend_buffer_count(mock) == 1, "kind %d is counted", kind);
        rein_backend_release_buffer(&backend, buffer);
        cr_assert(mock_backend_buffer_count(mock) == 0, "kind %d is released", kind);
    }
}

Test(mock_buffers, needs_no_model) {
    cr_assert(rein_backend_unload(&backend).is_ok, "unloads");
    void *buffer = allocate(1, REIN_MEMORY_HOST);
    cr_assert(load_sample("model").is_ok && rein_backend_unload(&backend).is_ok, "load, unload");
    mock_backend_reset(mock);
    cr_assert(mock_backend_buffer_count(mock) == 1, "lives until it is released");
    rein_backend_release_buffer(&backend, buffer);
}

Test(mock_buffers, releases_them_in_any_order) {
    char *buffers[3];
    for (int index = 0; index < 3; index++) {
        buffers[index] = allocate(8, REIN_MEMORY_PINNED);
        memset(buffers[index], index, 8);
    }
    rein_backend_release_buffer(&backend, buffers[1]);
    cr_assert(buffers[0][7] == 0 && buffers[2][7] == 2, "the others keep their bytes");
    rein_backend_release_buffer(&backend, buffers[0]);
    rein_backend_release_buffer(&backend, buffers[2]);
    cr_assert(mock_backend_buffer_count(mock) == 0, "all are released");
    cr_assert(mock_backend_stray_release_count(mock) == 0, "each once");
}

Test(mock_buffers, counts_releases_of_other_pointers) {
    char other = 0;
    void *buffer = allocate(8, REIN_MEMORY_HOST);
    rein_backend_release_buffer(&backend, NULL);
    cr_assert(mock_backend_stray_release_count(mock) == 0, "NULL is not a buffer to release");
    rein_backend_release_buffer(&backend, &other);
    rein_backend_release_buffer(&backend, (char *)buffer + 1);
    cr_assert(mock_backend_stray_release_count(mock) == 2, "neither is a buffer");
    cr_assert(mock_backend_buffer_count(mock) == 1, "nothing is released");
    rein_backend_release_buffer(&backend, buffer);
    rein_backend_release_buffer(&backend, buffer);
    cr_assert(mock_backend_stray_release_count(mock) == 3, "the second time it is not a buffer");
    mock_backend_reset(mock);
    cr_assert(mock_backend_stray_release_count(mock) == 0, "is forgotten");
}

Test(mock_buffers, refuses_kinds_that_the_capabilities_do_not_name) {
    rein_backend_capabilities capabilities = *rein_backend_get_capabilities(&backend);
    capabilities.memory_kinds =
        rein_memory_kind_set_with((rein_memory_kind_set){0}, REIN_MEMORY_HOST);
    mock_backend_set_capabilities(mock, &capabilities);
    rein_result_buffer allocated = rein_backend_allocate_buffer(&backend, 1, REIN_MEMORY_DEVICE);
    expect_code(&REIN_ERROR(allocated), REIN_ERROR_UNSUPPORTED);
    cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_ALLOCATE) == 0, "is not called");
    rein_backend_release_buffer(&backend, allocate(1, REIN_MEMORY_HOST));
}

Test(mock_buffers, refuses_more_than_there_is_room_for) {
    rein_result_buffer allocated =
        rein_backend_allocate_buffer(&backend, UINT64_MAX, REIN_MEMORY_HOST);
    expect_error_facts(&REIN_ERROR(allocated), REIN_ERROR_OUT_OF_MEMORY, "memory mock");
    cr_assert(mock_backend_buffer_count(mock) == 0, "nothing is allocated");
    cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_ALLOCATE) == 1, "it counts");
}

Test(mock_buffers, destroy_releases_the_remaining_ones) {
    allocate(1000, REIN_MEMORY_DEVICE);
    allocate(1000, REIN_MEMORY_MANAGED);
    cr_assert(mock_backend_buffer_count(mock) == 2, "the fixture destroys the mock");
}

Test(mock_buffers, executions_read_and_write_them) {
    rein_tensor_spec spec = sample_spec("both", REIN_DTYPE_INT8, 4);
    spec.memory_kinds = rein_memory_kind_set_with((rein_memory_kind_set){0}, REIN_MEMORY_DEVICE);
    set_specs(&spec, 1, &spec, 1);
    rein_tensor input = REIN_UNWRAP(rein_tensor_make(&spec, allocate(4, REIN_MEMORY_DEVICE)));
    rein_tensor output = REIN_UNWRAP(rein_tensor_make(&spec, allocate(4, REIN_MEMORY_DEVICE)));
    memset(input.data, 9, 4);
    rein_execution_request request = sample_request(1);
    request.input_tensors = &input;
    request.input_tensor_count = 1;
    rein_execution_result result = rein_execution_result_make(&output, 1);
    cr_assert(!rein_backend_execute(&backend, &request, &result).is_ok, "not in host memory");
    input.memory_kind = REIN_MEMORY_DEVICE;
    output.memory_kind = REIN_MEMORY_DEVICE;
    cr_assert(rein_backend_execute(&backend, &request, &result).is_ok, "in device memory");
    cr_assert(((const int8_t *)output.data)[3] == MOCK_BACKEND_OUTPUT_BYTE, "is written");
    const rein_tensor *recorded = mock_backend_last_request(mock)->input_tensors;
    cr_assert(((const int8_t *)recorded->data)[3] == 9, "is recorded");
}
