/* The suite accepts the mock, waives the rules that a subject cannot show, and reports its
 * findings. */
#include "conformance/backend_conformance.h"

#include <stdlib.h>

#include "conformance/backend_conformance_criterion.h"
#include "conformance/probe.h"
#include "mock_subject.h"

TestSuite(backend_conformance, .init = set_up);

Test(backend_conformance, the_mock_conforms) {
    expect_backend_conforms(&subject, 0);
}

Test(backend_conformance, a_backend_without_warmup_conforms) {
    table.warmup = NULL;
    subject.has_warmup = false;
    expect_backend_conforms(&subject, 0);
}

/* Shapes that the fixed input does not change. */
static size_t choices;

static void choose_smallest(void *context, conformance_size size, size_t index, rein_shape *shape) {
    (void)context;
    choices += size == CONFORMANCE_LARGEST ? 1 : 0;
    shape->dimensions[0] = index == 0 ? 1 : shape->dimensions[0];
}

Test(backend_conformance, a_subject_may_choose_the_shapes) {
    subject.choose_shape = choose_smallest;
    expect_backend_conforms(&subject, 0);
    cr_assert(choices > 0, "the largest shapes are chosen too");
}

Test(backend_conformance, optional_parts_that_are_absent_are_waived) {
    table.sequences = NULL;
    table.buffers = NULL;
    expect_backend_conforms(&subject, 7);
    table.struct_size = offsetof(rein_backend_interface, submission);
    without_submission = true;
    expect_backend_conforms(&subject, 12);
}

Test(backend_conformance, what_a_subject_cannot_show_is_waived) {
    subject.missing_path = NULL;
    subject.is_deterministic = false;
    expect_backend_conforms(&subject, 5);
    conformance_report report = conformance_check(&subject, NULL, NULL);
    cr_assert(report.waived == 5 && report.broken == 0, "two need a missing path, three equality");
    cr_assert(report.held == conformance_rule_count() - 5, "the rest is held");
}

static rein_result_backend create_nothing(void *context) {
    (void)context;
    return rein_result_backend_fail(
        rein_error_make(REIN_ERROR_OUT_OF_MEMORY, REIN_HERE, "no memory"));
}

Test(backend_conformance, a_subject_that_makes_no_backend_is_not_tried_further) {
    subject.create = create_nothing;
    conformance_report report = conformance_check(&subject, NULL, NULL);
    cr_assert(report.broken == 1 && report.untried == conformance_rule_count() - 1, "%zu",
              report.untried);
    cr_assert(report.first_broken.error.code == REIN_ERROR_OUT_OF_MEMORY, "has a reason");
}

/* The subject's memory and inputs: counted, and odd numbers. */
static size_t allocations;
static size_t releases;
static size_t fillings;

static void *allocate_counted(void *context, size_t bytes) {
    (void)context;
    allocations++;
    return malloc(bytes);
}

static void release_counted(void *context, void *memory) {
    (void)context;
    releases++;
    free(memory);
}

static void fill_with_ones(void *context, uint32_t variant, const rein_tensor *input) {
    (void)context;
    (void)variant;
    fillings++;
    memset(input->data, 1, REIN_UNWRAP(rein_tensor_size_bytes(input)));
}

Test(backend_conformance, uses_the_subjects_memory_and_inputs) {
    subject.allocate = allocate_counted;
    subject.release = release_counted;
    subject.fill_input = fill_with_ones;
    expect_backend_conforms(&subject, 0);
    cr_assert(allocations > 0 && allocations == releases, "%zu allocations, %zu releases",
              allocations, releases);
    cr_assert(fillings > 0, "the inputs are the subject's");
}

static void *allocate_nothing(void *context, size_t bytes) {
    (void)context;
    (void)bytes;
    return NULL;
}

Test(backend_conformance, missing_memory_for_tensors_is_a_finding) {
    subject.allocate = allocate_nothing;
    subject.release = release_counted;
    conformance_report report = conformance_check(&subject, NULL, NULL);
    cr_assert(report.broken > 0, "not held by default");
    cr_assert(is_same_text(report.first_broken.expectation, "there is memory for a tensor"), "%s",
              report.first_broken.expectation);
    cr_assert(releases == 0, "nothing is released that was not allocated");
}

Test(backend_conformance, a_finding_is_of_the_first_expectation_that_is_not_met) {
    conformance_probe probe = {.finding = {.outcome = CONFORMANCE_HELD}};
    rein_error first = rein_error_make(REIN_ERROR_TIMEOUT, REIN_HERE, "first");
    rein_error second = rein_error_make(REIN_ERROR_NOT_FOUND, REIN_HERE, "second");
    cr_assert(probe_expect(&probe, true, "is met", REIN_HERE), "is met");
    cr_assert(probe.finding.outcome == CONFORMANCE_HELD, "and breaks nothing");
    cr_assert(!probe_expect_ok(&probe, rein_result_void_fail(first), "is first", REIN_HERE), "no");
    cr_assert(!probe_expect_ok(&probe, rein_result_void_fail(second), "is next", REIN_HERE), "no");
    cr_assert(!probe_expect(&probe, false, "is last", REIN_HERE), "no");
    cr_assert(probe.finding.outcome == CONFORMANCE_BROKEN, "broken");
    cr_assert(is_same_text(probe.finding.expectation, "is first"), "by the first");
    cr_assert(probe.finding.error.code == REIN_ERROR_TIMEOUT, "with its error");
}

Test(backend_conformance, a_broken_rule_is_not_waived) {
    conformance_probe probe = {.finding = {.outcome = CONFORMANCE_HELD}};
    probe_waive(&probe, "cannot be shown");
    cr_assert(probe.finding.outcome == CONFORMANCE_WAIVED, "waived");
    probe_expect(&probe, false, "is met", REIN_HERE);
    probe_waive(&probe, "cannot be shown");
    cr_assert(probe.finding.outcome == CONFORMANCE_BROKEN, "broken");
    cr_assert(is_same_text(probe.finding.expectation, "is met"), "%s", probe.finding.expectation);
}

Test(backend_conformance, a_finding_has_the_expectation_the_location_and_the_result) {
    conformance_finding finding = {
        .outcome = CONFORMANCE_BROKEN,
        .rule = "sings",
        .expectation = "it sings",
        .where = {.function = "listen", .file = "ear.c", .line = 3},
        .error = rein_error_make(REIN_ERROR_TIMEOUT, (rein_source_location){"sing", "bird.c", 4},
                                 "silence"),
    };
    char text[EXPECT_TEXT_CAPACITY];
    conformance_finding_to_string(&finding, text, sizeof text);
    cr_assert(is_same_text(text, "sings: expected that it sings [listen, ear.c:3], but: Timeout: "
                                 "silence [sing, bird.c:4]"),
              "%s", text);
    finding.error.code = (rein_error_code)0;
    conformance_finding_to_string(&finding, text, sizeof text);
    cr_assert(is_same_text(text, "sings: expected that it sings [listen, ear.c:3]"), "%s", text);
    finding.outcome = CONFORMANCE_WAIVED;
    conformance_finding_to_string(&finding, text, sizeof text);
    cr_assert(is_same_text(text, "sings: waived, it sings"), "%s", text);
    finding.outcome = CONFORMANCE_HELD;
    finding.expectation = "";
    size_t length = conformance_finding_to_string(&finding, text, sizeof text);
    cr_assert(is_same_text(text, "sings: held") && length == 11, "%s", text);
}

static rein_result_void execute_giving_up(void *self, const rein_execution_request *request,
                                          rein_execution_result *out_result) {
    rein_timestamp now = rein_clock_now(&mock_clock);
    if (rein_timestamp_compare(rein_execution_request_deadline(request), now) < 0) {
        return rein_result_void_fail(
            rein_error_make(REIN_ERROR_DEADLINE_MISSED, REIN_HERE, "given up"));
    }
    return mock_backend_interface()->execute(self, request, out_result);
}

Test(backend_conformance, giving_up_a_late_request_conforms) {
    table.execute = execute_giving_up;
    expect_backend_conforms(&subject, 0);
}

static void count_finding(void *context, const conformance_finding *finding) {
    size_t *counts = context;
    counts[finding->outcome]++;
}

Test(backend_conformance, a_model_that_cannot_be_loaded_is_one_finding) {
    size_t counts[CONFORMANCE_WAIVED + 1] = {0};
    subject.model_path = "missing";
    conformance_report report = conformance_check(&subject, count_finding, counts);
    cr_assert(counts[CONFORMANCE_BROKEN] == 1 && report.broken == 1, "%zu", report.broken);
    cr_assert(counts[CONFORMANCE_HELD] == 0 && counts[CONFORMANCE_WAIVED] == 0, "and no other");
    cr_assert(report.first_broken.error.code == REIN_ERROR_NOT_FOUND, "has a reason");
}
