/* The suite finds tensors that a backend accepts but must refuse, and chooses shapes that agree.
 * The broken backends are mocks with a slot replaced. */
#include "conformance/backend_conformance_criterion.h"
#include "mock_subject.h"

TestSuite(backend_conformance_refusals, .init = set_up);

/* Drops inputs that are too many. */
static rein_result_void execute_any_count(void *self, const rein_execution_request *request,
                                          rein_execution_result *out_result) {
    rein_execution_request cut = *request;
    cut.input_tensor_count = cut.input_tensor_count > 2 ? 2 : cut.input_tensor_count;
    return mock_backend_interface()->execute(self, &cut, out_result);
}

static rein_result_void execute_any_spec(void *self, const rein_execution_request *request,
                                         rein_execution_result *out_result) {
    rein_tensor inputs[3] = {0};
    rein_execution_request changed = *request;
    for (size_t index = 0; index < request->input_tensor_count; index++) {
        inputs[index] = request->input_tensors[index];
        inputs[index].layout = REIN_LAYOUT_ROW_MAJOR;
    }
    changed.input_tensors = inputs;
    return mock_backend_interface()->execute(self, &changed, out_result);
}

static rein_result_void execute_without_data(void *self, const rein_execution_request *request,
                                             rein_execution_result *out_result) {
    static char spare[64];
    rein_tensor inputs[3] = {0};
    rein_execution_request changed = *request;
    for (size_t index = 0; index < request->input_tensor_count; index++) {
        inputs[index] = request->input_tensors[index];
        inputs[index].data = inputs[index].data == NULL ? spare : inputs[index].data;
    }
    changed.input_tensors = inputs;
    return mock_backend_interface()->execute(self, &changed, out_result);
}

Test(backend_conformance_refusals, faults_are_found) {
    table.execute = execute_any_count;
    expect_broken("refuses other numbers of tensors");
    table.execute = execute_any_spec;
    expect_broken("refuses tensors of other specs");
    table.execute = execute_without_data;
    expect_broken("refuses tensors of other specs");
}

/* The row "left" of 1 to 8 elements, and "right" of 1 to 512, as many as "left". */
static rein_tensor_spec tied_specs[2];

static rein_result_backend create_tied(void *context) {
    rein_backend created = REIN_TRY(rein_result_backend, create_mock(context));
    rein_tensor_spec_view view = {.specs = tied_specs, .count = 2};
    cr_assert(mock_backend_set_input_specs(created.self, view).is_ok, "the specs are set");
    return rein_result_backend_ok(created);
}

static void set_up_tied(void) {
    set_up();
    tied_specs[0] = range_spec("left", 1, 8, "n");
    tied_specs[1] = range_spec("right", 1, 512, "n");
    for (size_t index = 0; index < 2; index++) {
        rein_memory_kind_set *kinds = &tied_specs[index].memory_kinds;
        *kinds = rein_memory_kind_set_with(*kinds, REIN_MEMORY_DEVICE);
    }
    subject.create = create_tied;
}

Test(backend_conformance_refusals, extents_of_one_symbol_agree, .init = set_up_tied) {
    expect_backend_conforms(&subject, 0);
}

Test(backend_conformance_refusals, symbols_without_a_common_extent_are_found, .init = set_up_tied) {
    tied_specs[1] = range_spec("right", 9, 512, "n");
    expect_broken("specs are sound");
    expect_broken("executes at every size");
}

/* Executes with the second input changed by `correct`, so that the mock accepts it. */
static void (*correct)(rein_tensor *input, const rein_tensor *other);

static rein_result_void execute_corrected(void *self, const rein_execution_request *request,
                                          rein_execution_result *out_result) {
    rein_tensor inputs[2];
    rein_execution_request corrected = *request;
    if (request->input_tensor_count == 2) {
        memcpy(inputs, request->input_tensors, sizeof inputs);
        correct(&inputs[1], &inputs[0]);
        corrected.input_tensors = inputs;
    }
    return mock_backend_interface()->execute(self, &corrected, out_result);
}

static void accept_small_capacity(rein_tensor *input, const rein_tensor *other) {
    (void)other;
    input->capacity_bytes++;
}

static void accept_unused_dimension(rein_tensor *input, const rein_tensor *other) {
    (void)other;
    input->descriptor.shape.dimensions[1] = 0;
}

static void accept_device(rein_tensor *input, const rein_tensor *other) {
    (void)other;
    input->device_index = 0;
}

static void accept_disagreement(rein_tensor *input, const rein_tensor *other) {
    const rein_shape *shape = &input->descriptor.shape;
    if (shape->dimensions[0] > 0 && shape->dimensions[0] < 512 && shape->dimensions[1] == 0 &&
        shape->rank == 1) {
        input->descriptor.shape = other->descriptor.shape;
    }
}

Test(backend_conformance_refusals, each_fault_alone_is_found, .init = set_up_tied) {
    void (*const corrections[])(rein_tensor * input, const rein_tensor *other) = {
        accept_small_capacity, accept_unused_dimension, accept_device, accept_disagreement};
    for (size_t index = 0; index < sizeof corrections / sizeof corrections[0]; index++) {
        correct = corrections[index];
        table.execute = execute_corrected;
        expect_broken_by("refuses tensors of other specs",
                         "a tensor that does not fit its spec is InvalidArgument");
    }
}
