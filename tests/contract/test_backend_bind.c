#include "stub_backend.h"

static void expect_refusal(stub_backend *stub, const char *about, uint64_t first, uint64_t second) {
    rein_result_backend bound = rein_backend_bind(&stub->table, stub);
    cr_assert(!bound.is_ok, "refused: '%s', %llu", about, (unsigned long long)first);
    expect_code(&REIN_ERROR(bound), REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(&REIN_ERROR(bound), first, second, 0);
    cr_assert(is_same_text(REIN_ERROR(bound).foreign_text, about), "about '%s', expected '%s'",
              REIN_ERROR(bound).foreign_text, about);
    cr_assert(stub->call_count == 0, "no slot but capabilities was called");
    stub_init(stub);
}

Test(backend_bind, borrows_a_whole_table) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    cr_assert(backend.table == &stub.table && backend.self == &stub, "both are kept");
    cr_assert(stub.call_count == 0, "no slot but capabilities was called");
}

static const rein_backend_capabilities *capabilities_without_self(void *self) {
    static const rein_backend_capabilities capabilities = {
        .struct_size = sizeof capabilities, .max_batch_size = 1, .supports_async_execution = true};
    cr_assert(self == NULL, "self is passed through");
    return &capabilities;
}

Test(backend_bind, takes_null_as_self) {
    stub_backend stub;
    stub_init(&stub);
    stub.table.capabilities = capabilities_without_self;
    rein_backend backend = REIN_UNWRAP(rein_backend_bind(&stub.table, NULL));
    cr_assert(backend.self == NULL && backend.table == &stub.table, "bound");
}

Test(backend_bind, refuses_a_null_table) {
    stub_backend stub;
    rein_result_backend bound = rein_backend_bind(NULL, &stub);
    expect_code(&REIN_ERROR(bound), REIN_ERROR_INVALID_ARGUMENT);
}

Test(backend_bind, names_the_required_slot_that_is_absent) {
    stub_backend stub;
    stub_init(&stub);
    stub.table.load = NULL;
    expect_refusal(&stub, "load", 0, 0);
    stub.table.unload = NULL;
    expect_refusal(&stub, "unload", 0, 0);
    stub.table.execute = NULL;
    expect_refusal(&stub, "execute", 0, 0);
    stub.table.capabilities = NULL;
    expect_refusal(&stub, "capabilities", 0, 0);
    stub.table.is_loaded = NULL;
    expect_refusal(&stub, "is_loaded", 0, 0);
    stub.table.destroy = NULL;
    expect_refusal(&stub, "destroy", 0, 0);
    stub.table.estimate_memory = NULL;
    expect_refusal(&stub, "estimate_memory", 0, 0);
    stub.table.estimate_lifetimes = NULL;
    expect_refusal(&stub, "estimate_lifetimes", 0, 0);
    stub.table.input_specs = NULL;
    expect_refusal(&stub, "input_specs", 0, 0);
    stub.table.output_specs = NULL;
    expect_refusal(&stub, "output_specs", 0, 0);
}

/* The only test of the wording: this message is the first that the author of a backend reads. */
Test(backend_bind, says_which_slot_is_absent) {
    stub_backend stub;
    stub_init(&stub);
    stub.table.unload = NULL;
    rein_result_backend bound = rein_backend_bind(&stub.table, &stub);
    expect_invalid(&REIN_ERROR(bound), "slot 'unload'");
}

Test(backend_bind, slots_after_the_end_of_a_smaller_table_are_absent) {
    stub_backend stub;
    stub_init(&stub);
    stub.table.struct_size = offsetof(rein_backend_interface, output_specs);
    expect_refusal(&stub, "output_specs", 0, 0);
    stub.table.struct_size = offsetof(rein_backend_interface, load);
    expect_refusal(&stub, "load", 0, 0);
    stub.table.struct_size = offsetof(rein_backend_interface, warmup);
    stub.capabilities.supports_async_execution = false;
    rein_backend backend = stub_bind(&stub);
    cr_assert(rein_backend_warmup(&backend, NULL).is_ok, "an absent warmup succeeds");
    rein_result_sequence_id opened = rein_backend_open_sequence(&backend, 1);
    expect_code(&REIN_ERROR(opened), REIN_ERROR_UNSUPPORTED);
    rein_result_void drained = rein_backend_drain(&backend);
    expect_code(&REIN_ERROR(drained), REIN_ERROR_UNSUPPORTED);
    rein_result_buffer allocated = rein_backend_allocate_buffer(&backend, 1, REIN_MEMORY_HOST);
    expect_code(&REIN_ERROR(allocated), REIN_ERROR_UNSUPPORTED);
    rein_backend_release_buffer(&backend, &stub);
    cr_assert(stub.call_count == 0, "no slot after the end was called");
}

Test(backend_bind, each_part_may_be_after_the_end) {
    stub_backend stub;
    stub_init(&stub);
    stub.table.struct_size = offsetof(rein_backend_interface, buffers);
    rein_backend backend = stub_bind(&stub);
    cr_assert(rein_backend_drain(&backend).is_ok, "the table ends after submission");
    stub.table.struct_size = offsetof(rein_backend_interface, submission);
    stub.capabilities.supports_async_execution = false;
    backend = stub_bind(&stub);
    cr_assert(rein_backend_open_sequence(&backend, 1).is_ok, "the table ends after sequences");
    stub.table.struct_size = offsetof(rein_backend_interface, sequences);
    stub.call_count = 0;
    backend = stub_bind(&stub);
    cr_assert(rein_backend_warmup(&backend, NULL).is_ok, "the table ends after warmup");
    expect_called(&stub, "warmup");
}

Test(backend_bind, refuses_sizes_that_no_table_has) {
    static const size_t sizes[] = {0,
                                   sizeof(size_t) - 1,
                                   offsetof(rein_backend_interface, unload) - 1,
                                   sizeof(rein_backend_interface) - 1,
                                   sizeof(rein_backend_interface) + 1,
                                   sizeof(rein_backend_interface) + sizeof(void (*)(void)),
                                   SIZE_MAX};
    stub_backend stub;
    stub_init(&stub);
    for (size_t index = 0; index < sizeof sizes / sizeof sizes[0]; index++) {
        stub.table.struct_size = sizes[index];
        expect_refusal(&stub, "", sizes[index], sizeof(rein_backend_interface));
    }
}

Test(backend_bind, refuses_a_part_of_an_unknown_size) {
    static const size_t differences[] = {(size_t)-1, 1, sizeof(void (*)(void))};
    stub_backend stub;
    stub_init(&stub);
    for (size_t index = 0; index < 3; index++) { /* the parts have one size */
        size_t size = sizeof stub.sequences + differences[index];
        stub.sequences.struct_size = size;
        expect_refusal(&stub, "sequences", size, sizeof stub.sequences);
        stub.submission.struct_size = size;
        expect_refusal(&stub, "submission", size, sizeof stub.submission);
        stub.buffers.struct_size = size;
        expect_refusal(&stub, "buffers", size, sizeof stub.buffers);
    }
}

Test(backend_bind, refuses_a_part_without_one_of_its_slots) {
    stub_backend stub;
    stub_init(&stub);
    stub.sequences.estimate_state = NULL;
    expect_refusal(&stub, "sequences.estimate_state", 0, 0);
    stub.sequences.open = NULL;
    expect_refusal(&stub, "sequences.open", 0, 0);
    stub.sequences.close = NULL;
    expect_refusal(&stub, "sequences.close", 0, 0);
    stub.submission.submit = NULL;
    expect_refusal(&stub, "submission.submit", 0, 0);
    stub.submission.drain = NULL;
    expect_refusal(&stub, "submission.drain", 0, 0);
    stub.buffers.allocate = NULL;
    expect_refusal(&stub, "buffers.allocate", 0, 0);
    stub.buffers.release = NULL;
    expect_refusal(&stub, "buffers.release", 0, 0);
}

Test(backend_bind, every_part_may_be_null) {
    stub_backend stub;
    stub_init(&stub);
    stub.table.sequences = NULL;
    stub.table.submission = NULL;
    stub.table.buffers = NULL;
    stub.table.warmup = NULL;
    stub.capabilities.supports_async_execution = false;
    rein_backend backend = stub_bind(&stub);
    cr_assert(rein_backend_warmup(&backend, NULL).is_ok, "an absent warmup succeeds");
    cr_assert(stub.call_count == 0, "no slot was called");
}

Test(backend_bind, refuses_capabilities_that_are_null_or_of_an_unknown_size) {
    stub_backend stub;
    stub_init(&stub);
    stub.answered = NULL;
    expect_refusal(&stub, "", 0, 0);
    static const size_t sizes[] = {0, sizeof stub.capabilities - 1, sizeof stub.capabilities + 1};
    for (size_t index = 0; index < 3; index++) {
        stub.capabilities.struct_size = sizes[index];
        expect_refusal(&stub, "", sizes[index], sizeof stub.capabilities);
    }
}

Test(backend_bind, refuses_capabilities_that_contradict_the_table) {
    stub_backend stub;
    stub_init(&stub);
    stub.capabilities.supports_async_execution = false;
    expect_refusal(&stub, "", 0, 1);
    stub.table.submission = NULL;
    expect_refusal(&stub, "", 1, 0);
    stub.table.struct_size = offsetof(rein_backend_interface, submission);
    expect_refusal(&stub, "", 1, 0);
}
