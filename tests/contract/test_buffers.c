#include "contract/buffers.h"

#include "stub_backend.h"

static void refuse_calls(const rein_backend *backend) {
    int buffer = 0;
    rein_result_buffer allocated = rein_backend_allocate_buffer(backend, 1, REIN_MEMORY_HOST);
    expect_code(&REIN_ERROR(allocated), REIN_ERROR_INVALID_ARGUMENT);
    rein_backend_release_buffer(backend, &buffer);
}

Test(buffers, calls_refuse_a_backend_that_is_not_bound) {
    for_each_unbound(refuse_calls);
}

Test(buffers, are_unsupported_by_a_backend_without_the_part) {
    stub_backend stub;
    stub_init(&stub);
    stub.table.buffers = NULL;
    rein_backend backend = stub_bind(&stub);
    rein_result_buffer allocated = rein_backend_allocate_buffer(&backend, 1, REIN_MEMORY_HOST);
    expect_code(&REIN_ERROR(allocated), REIN_ERROR_UNSUPPORTED);
    rein_backend_release_buffer(&backend, &stub);
    cr_assert(stub.call_count == 0, "no slot was called");
}

Test(buffers, allocate_and_release_call_their_slots) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    void *buffer =
        REIN_UNWRAP(rein_backend_allocate_buffer(&backend, UINT64_MAX, REIN_MEMORY_PINNED));
    expect_called(&stub, "allocate");
    cr_assert(buffer == &stub && stub.arguments.number == UINT64_MAX, "answer and size");
    cr_assert(stub.arguments.kind == REIN_MEMORY_PINNED, "the kind");
    rein_backend_release_buffer(&backend, buffer);
    expect_called(&stub, "release");
    cr_assert(stub.arguments.buffer == buffer, "the buffer");
    stub.fails = true;
    rein_result_buffer failed = rein_backend_allocate_buffer(&backend, 1, REIN_MEMORY_HOST);
    expect_passed_on(&REIN_ERROR(failed));
}

static void expect_not_allocated(uint64_t size_bytes, rein_memory_kind kind, rein_error_code code) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    rein_result_buffer allocated = rein_backend_allocate_buffer(&backend, size_bytes, kind);
    cr_assert(!allocated.is_ok, "%llu bytes of kind %d", (unsigned long long)size_bytes, (int)kind);
    expect_code(&REIN_ERROR(allocated), code);
    cr_assert(stub.call_count == 0, "the slot was not called");
}

Test(buffers, no_bytes_and_no_kind_are_refused) {
    expect_not_allocated(0, REIN_MEMORY_HOST, REIN_ERROR_INVALID_ARGUMENT);
    expect_not_allocated(1, (rein_memory_kind)0, REIN_ERROR_INVALID_ARGUMENT);
    expect_not_allocated(1, (rein_memory_kind)5, REIN_ERROR_INVALID_ARGUMENT);
    expect_not_allocated(1, (rein_memory_kind)-1, REIN_ERROR_INVALID_ARGUMENT);
}

Test(buffers, a_kind_that_the_backend_does_not_take_is_unsupported) {
    expect_not_allocated(1, REIN_MEMORY_DEVICE, REIN_ERROR_UNSUPPORTED);
    expect_not_allocated(1, REIN_MEMORY_MANAGED, REIN_ERROR_UNSUPPORTED);
}

Test(buffers, releasing_null_does_nothing) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    rein_backend_release_buffer(&backend, NULL);
    cr_assert(stub.call_count == 0, "the slot was not called");
}
