/* The mock as a subject of the conformance suite, with a table that a test may tamper with. */
#ifndef REIN_TESTS_CONTRACT_MOCK_SUBJECT_H
#define REIN_TESTS_CONTRACT_MOCK_SUBJECT_H

#include "conformance/backend_conformance.h"
#include "expect.h"
#include "mocks/mock_backend.h"
#include "mocks/mock_shapes.h"
#include "mocks/virtual_clock.h"
#include "samples.h"

static virtual_clock time_source;
static rein_clock mock_clock;
static rein_backend_interface table; /* of the backends that are created; the mock's at first */

/* A row of Float32 whose length is a range. */
static inline rein_tensor_spec range_spec(const char *name, int64_t min, int64_t max,
                                          const char *symbol) {
    rein_tensor_spec spec = sample_spec(name, REIN_DTYPE_FLOAT32, min);
    return REIN_UNWRAP(rein_tensor_spec_with_range(&spec, 0, min, max, symbol));
}

/* A mock with two inputs, one of them dynamic, two outputs, and lifetimes whose peak its estimate
 * covers. */
static inline rein_result_void configure(mock_backend *mock) {
    rein_tensor_spec inputs[] = {range_spec("left", 1, 8, "batch"),
                                 sample_spec("right", REIN_DTYPE_INT8, 3)};
    rein_tensor_spec outputs[] = {range_spec("out", 1, 8, "batch"),
                                  range_spec("found", 0, REIN_EXTENT_UNBOUNDED, "")};
    rein_tensor_lifetime lifetimes[] = {
        {.until = 2, .size_bytes = 64, .alignment_bytes = 1},
        {.from = 1, .until = 3, .size_bytes = 32, .alignment_bytes = 16}};
    mock_backend_set_memory_estimate(
        mock, (rein_memory_estimate){.weights_bytes = rein_fact_u64_known(1000),
                                     .activation_bytes = rein_fact_u64_known(96)});
    rein_result_void done[] = {
        mock_backend_set_input_specs(mock, (rein_tensor_spec_view){.specs = inputs, .count = 2}),
        mock_backend_set_output_specs(mock, (rein_tensor_spec_view){.specs = outputs, .count = 2}),
        mock_backend_set_output_shape(mock, 1, &(rein_shape){.dimensions = {5}, .rank = 1}),
        mock_backend_set_lifetimes(mock, (rein_lifetime_view){.lifetimes = lifetimes, .count = 2}),
        mock_backend_set_model_path(mock, "model"),
        mock_backend_set_broken_path(mock, "broken"),
    };
    for (size_t index = 0; index < sizeof done / sizeof done[0]; index++) {
        REIN_TRY(rein_result_void, done[index]);
    }
    return rein_done();
}

/* Whether the mocks are created without asynchronous execution. */
static bool without_submission;

static inline void drop_submission(mock_backend *mock) {
    rein_backend_capabilities capabilities = *mock_backend_interface()->capabilities(mock);
    capabilities.supports_async_execution = false;
    mock_backend_set_capabilities(mock, &capabilities);
}

static inline rein_result_backend create_mock(void *context) {
    (void)context;
    mock_backend *created = REIN_TRY(rein_result_backend, mock_backend_create(&mock_clock));
    REIN_TRY(rein_result_backend, configure(created));
    if (without_submission) {
        drop_submission(created);
    }
    rein_result_backend bound = rein_backend_bind(&table, created);
    if (!bound.is_ok) {
        mock_backend_destroy(created);
    }
    return bound;
}

static conformance_subject subject;

static inline void set_up(void) {
    virtual_clock_init(&time_source, rein_timestamp_from_ns(0));
    mock_clock = virtual_clock_view(&time_source);
    table = *mock_backend_interface();
    subject = (conformance_subject){
        .create = create_mock,
        .clock = &mock_clock,
        .model_path = "model",
        .missing_path = "missing",
        .broken_path = "broken",
        .has_warmup = true,
        .is_deterministic = true,
    };
}

/* Returns the finding of the rule of this name. */
static inline conformance_finding find_rule(const char *rule) {
    for (size_t index = 0; index < conformance_rule_count(); index++) {
        if (is_same_text(conformance_rule_name(index), rule)) {
            return conformance_check_rule(&subject, index);
        }
    }
    cr_assert_fail("there is no rule '%s'", rule);
    return (conformance_finding){.outcome = CONFORMANCE_HELD};
}

/* Expects the table to break the rule of this name, and restores the mock's. */
static inline void expect_broken(const char *rule) {
    conformance_finding finding = find_rule(rule);
    cr_assert(finding.outcome == CONFORMANCE_BROKEN, "the fault in '%s' is found", rule);
    cr_assert(finding.where.line > 0 && finding.expectation[0] != '\0', "and said");
    table = *mock_backend_interface();
}

/* Expects the table to break the rule because of this expectation, and restores the mock's. */
static inline void expect_broken_by(const char *rule, const char *expectation) {
    conformance_finding finding = find_rule(rule);
    cr_assert(finding.outcome == CONFORMANCE_BROKEN, "the fault in '%s' is found", rule);
    cr_assert(is_same_text(finding.expectation, expectation), "%s", finding.expectation);
    table = *mock_backend_interface();
}

#endif
