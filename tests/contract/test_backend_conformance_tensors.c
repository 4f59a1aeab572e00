/* The suite finds every rule about the tensors of an execution that is broken, and uses no memory
 * that is not its own. The broken backends are mocks with a slot replaced. */
#include <stdatomic.h>

#include "conformance/backend_conformance_criterion.h"
#include "mock_subject.h"

TestSuite(backend_conformance_tensors, .init = set_up);

static rein_result_void execute_scribbling(void *self, const rein_execution_request *request,
                                           rein_execution_result *out_result) {
    if (mock_backend_interface()->is_loaded(self)) {
        ((char *)request->input_tensors[0].data)[0] ^= 1;
    }
    return mock_backend_interface()->execute(self, request, out_result);
}

static rein_result_void execute_renaming(void *self, const rein_execution_request *request,
                                         rein_execution_result *out_result) {
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    if (executed.is_ok) {
        out_result->output_tensors[0].descriptor.name[0] = '#';
    }
    return executed;
}

static rein_result_void execute_without_numbers(void *self, const rein_execution_request *request,
                                                rein_execution_result *out_result) {
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    if (!executed.is_ok && REIN_ERROR(executed).code == REIN_ERROR_BUFFER_TOO_SMALL) {
        REIN_ERROR(executed).numbers[0] = 0;
    }
    return executed;
}

static rein_result_void execute_shaping_early(void *self, const rein_execution_request *request,
                                              rein_execution_result *out_result) {
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    if (!executed.is_ok && REIN_ERROR(executed).code == REIN_ERROR_BUFFER_TOO_SMALL) {
        out_result->output_tensors[0].descriptor.shape.dimensions[0] = 8;
    }
    return executed;
}

static rein_result_void execute_out_of_range(void *self, const rein_execution_request *request,
                                             rein_execution_result *out_result) {
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    if (executed.is_ok) {
        out_result->output_tensors[0].descriptor.shape.dimensions[0] = 0;
    }
    return executed;
}

static rein_result_void execute_small_alone(void *self, const rein_execution_request *request,
                                            rein_execution_result *out_result) {
    bool is_large = request->input_tensor_count > 0 &&
                    request->input_tensors[0].descriptor.shape.dimensions[0] > 7;
    return is_large ? rein_result_void_fail(
                          rein_error_make(REIN_ERROR_BACKEND_ERROR, REIN_HERE, "too large"))
                    : mock_backend_interface()->execute(self, request, out_result);
}

Test(backend_conformance_tensors, faults_are_found) {
    table.execute = execute_scribbling;
    expect_broken("leaves the inputs alone");
    table.execute = execute_renaming;
    expect_broken("changes only shape and bytes of outputs");
    table.execute = execute_without_numbers;
    expect_broken("says how many bytes an output needs");
    table.execute = execute_shaping_early;
    expect_broken("says how many bytes an output needs");
    table.execute = execute_out_of_range;
    expect_broken("executes at every size");
    table.execute = execute_small_alone;
    expect_broken("executes at every size");
}

/* Changes the result of each execution that succeeds. */
static void (*spoil)(rein_execution_result *result);

static rein_result_void execute_spoiling(void *self, const rein_execution_request *request,
                                         rein_execution_result *out_result) {
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    if (executed.is_ok) {
        spoil(out_result);
    }
    return executed;
}

static void give_negative_extent(rein_execution_result *result) {
    result->output_tensors[1].descriptor.shape.dimensions[0] = -1;
}

static void give_other_rank(rein_execution_result *result) {
    result->output_tensors[1].descriptor.shape.rank = 99;
}

/* In the range of the spec. */
static void give_other_extent(rein_execution_result *result) {
    int64_t *extent = &result->output_tensors[0].descriptor.shape.dimensions[0];
    *extent = *extent == 1 ? 2 : *extent - 1;
}

static void exceed_capacity(rein_execution_result *result) {
    result->output_tensors[1].descriptor.shape.dimensions[0] = INT64_C(1) << 40;
}

static void replace_memory(rein_execution_result *result) {
    static float memory[8];
    result->output_tensors[0].data = memory;
}

static void enlarge_memory(rein_execution_result *result) {
    result->output_tensors[0].capacity_bytes += 4096;
}

static void replace_tensors(rein_execution_result *result) {
    result->output_tensors = NULL;
}

static void add_tensors(rein_execution_result *result) {
    result->output_tensor_count = 1000;
}

/* Expects every rule that needs a sound execution to be broken by the outputs, and no crash. */
static void expect_spoiled(void (*spoiled)(rein_execution_result *result), const char *facts) {
    spoil = spoiled;
    table.execute = execute_spoiling;
    conformance_report report = conformance_check(&subject, NULL, NULL);
    cr_assert(report.broken > 15 && report.waived == 0, "%zu rules are broken", report.broken);
    conformance_finding finding = find_rule("equal inputs give equal outputs");
    cr_assert(is_same_text(finding.expectation, "execute succeeds"), "%s", finding.expectation);
    expect_error_facts(&finding.error, REIN_ERROR_BACKEND_ERROR, facts);
}

Test(backend_conformance_tensors, wrong_outputs_break_every_rule_that_executes) {
    static const char memory[] = "memory output";
    static const char shape[] = "output shape spec";
    static const char tensors[] = "output tensors result";
    expect_spoiled(give_negative_extent, shape);
    expect_spoiled(give_other_rank, shape);
    expect_spoiled(give_other_extent, "dimension output symbol");
    expect_spoiled(exceed_capacity, "output capacity");
    expect_spoiled(replace_memory, memory);
    expect_spoiled(enlarge_memory, memory);
    expect_spoiled(replace_tensors, tensors);
    expect_spoiled(add_tensors, tensors);
}

/* The size of the second output depends on chance, as far as a caller can tell. */
static rein_result_void execute_varying(void *self, const rein_execution_request *request,
                                        rein_execution_result *out_result) {
    static atomic_int executions;
    int64_t extent = 1 + atomic_fetch_add(&executions, 1) % 3;
    rein_shape shape = sample_shape(&extent, 1);
    REIN_TRY(rein_result_void, mock_backend_set_output_shape(self, 1, &shape));
    return mock_backend_interface()->execute(self, request, out_result);
}

Test(backend_conformance_tensors, sizes_that_vary_conform) {
    table.execute = execute_varying;
    subject.is_deterministic = false;
    expect_backend_conforms(&subject, 3);
}

/* Always demands a byte more. */
static rein_result_void execute_never_satisfied(void *self, const rein_execution_request *request,
                                                rein_execution_result *out_result) {
    if (!mock_backend_interface()->is_loaded(self)) {
        return mock_backend_interface()->execute(self, request, out_result);
    }
    rein_error error = rein_error_make(REIN_ERROR_BUFFER_TOO_SMALL, REIN_HERE, "more");
    uint64_t capacity_bytes = out_result->output_tensors[0].capacity_bytes;
    return rein_result_void_fail(
        rein_error_with_numbers(error, capacity_bytes + 1, capacity_bytes, 0));
}

Test(backend_conformance_tensors, buffers_that_are_never_large_enough_are_found) {
    table.execute = execute_never_satisfied;
    expect_broken("completes the result");
}
