/* The suite finds every rule of buffers that is broken, and waives those that their kinds cannot
 * show. The broken backends are mocks with a slot replaced. */
#include "conformance/backend_conformance_criterion.h"
#include "part_subject.h"

TestSuite(backend_conformance_buffers, .init = set_up_parts);

static rein_result_buffer allocate_nothing(void *self, uint64_t size_bytes, rein_memory_kind kind) {
    (void)self;
    (void)size_bytes;
    (void)kind;
    return rein_result_buffer_fail(
        rein_error_make(REIN_ERROR_OUT_OF_MEMORY, REIN_HERE, "no memory"));
}

static rein_result_buffer allocate_unaligned(void *self, uint64_t size_bytes,
                                             rein_memory_kind kind) {
    char *buffer =
        REIN_TRY(rein_result_buffer, mock_buffers()->allocate(self, size_bytes + 8, kind));
    return rein_result_buffer_ok(buffer + 1);
}

Test(backend_conformance_buffers, faults_are_found) {
    buffers.allocate = allocate_nothing;
    expect_broken_by_a_part("allocates buffers");
    buffers.allocate = allocate_unaligned;
    expect_broken_by_a_part("allocates buffers");
}

/* The buffer that was allocated last. */
static void *newest;

static rein_result_buffer allocate_noting(void *self, uint64_t size_bytes, rein_memory_kind kind) {
    newest = REIN_TRY(rein_result_buffer, mock_buffers()->allocate(self, size_bytes, kind));
    return rein_result_buffer_ok(newest);
}

static bool has_newest(const rein_execution_request *request) {
    bool is_found = false;
    for (size_t index = 0; newest != NULL && index < request->input_tensor_count; index++) {
        is_found = is_found || request->input_tensors[index].data == newest;
    }
    return is_found;
}

static rein_result_void execute_without_buffers(void *self, const rein_execution_request *request,
                                                rein_execution_result *out_result) {
    return has_newest(request) ? rein_result_void_fail(rein_error_make(REIN_ERROR_BACKEND_ERROR,
                                                                       REIN_HERE, "cannot be read"))
                               : mock_backend_interface()->execute(self, request, out_result);
}

/* Reads other memory than the buffer. */
static rein_result_void execute_misreading(void *self, const rein_execution_request *request,
                                           rein_execution_result *out_result) {
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    if (executed.is_ok && has_newest(request)) {
        *(char *)out_result->output_tensors[0].data = 0;
    }
    return executed;
}

Test(backend_conformance_buffers, inputs_in_buffers_that_do_not_work_are_found) {
    static const char rule[] = "executes with its own buffers";
    buffers.allocate = allocate_noting;
    table.execute = execute_without_buffers;
    expect_broken_by(rule, "execute succeeds with an input in a buffer of the backend");
    set_up_parts();
    buffers.allocate = allocate_noting;
    table.execute = execute_misreading;
    expect_broken_by(rule, "an input in a buffer of the backend gives equal outputs");
}

static rein_result_buffer allocate_on_device(void *self, uint64_t size_bytes,
                                             rein_memory_kind kind) {
    return kind == REIN_MEMORY_DEVICE
               ? mock_buffers()->allocate(self, size_bytes, kind)
               : rein_result_buffer_fail(
                     rein_error_make(REIN_ERROR_UNSUPPORTED, REIN_HERE, "not on the device"));
}

Test(backend_conformance_buffers, buffers_that_the_host_cannot_access_are_waived) {
    buffers.allocate = allocate_on_device;
    expect_backend_conforms(&subject, 1);
}
