/* Cases that users cannot cause: a wrong plan, and a check that does not finish. The placement
 * checker returns what the tests tell it to. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/certificate/certificate.h"
#include "said.h"

/* At most 16 bytes are alive at once; each plan needs 17. */
static const char hard[] = "id,lower,upper,size\n"
                           "t0,2,3,7\nt1,5,10,4\nt2,2,5,5\nt3,5,8,3\nt4,3,8,5\n"
                           "t5,2,7,1\nt6,6,7,2\nt7,3,4,5\nt8,7,8,4\nt9,4,6,3\n";

/* The n-th check from now reports a fault; 0: none does. */
static int wrong_check;
static uint64_t wrong_bytes; /* added to the height in each check's result */

rein_result_placement_verdict __wrap_rein_placement_check_until(
    const rein_tensor_lifetime *lifetimes, size_t count, const uint64_t *offsets,
    const rein_placement_check_options *options, rein_workspace workspace);
rein_result_placement_verdict __real_rein_placement_check_until(
    const rein_tensor_lifetime *lifetimes, size_t count, const uint64_t *offsets,
    const rein_placement_check_options *options, rein_workspace workspace);

rein_result_placement_verdict __wrap_rein_placement_check_until(
    const rein_tensor_lifetime *lifetimes, size_t count, const uint64_t *offsets,
    const rein_placement_check_options *options, rein_workspace workspace) {
    rein_result_placement_verdict verdict =
        __real_rein_placement_check_until(lifetimes, count, offsets, options, workspace);
    if (wrong_check > 0 && --wrong_check == 0) {
        REIN_VALUE(verdict).fault = REIN_PLACEMENT_OVERFLOW;
    }
    REIN_VALUE(verdict).height_bytes += wrong_bytes;
    return verdict;
}

static uint64_t wrong_bound; /* added to the lower bound in each search's result */

rein_result_plan_outcome __wrap_rein_plan_minimise(const rein_plan_problem *problem,
                                                   const rein_plan_options *options,
                                                   rein_workspace workspace, uint64_t *out_offsets,
                                                   rein_plan_log *log);
rein_result_plan_outcome __real_rein_plan_minimise(const rein_plan_problem *problem,
                                                   const rein_plan_options *options,
                                                   rein_workspace workspace, uint64_t *out_offsets,
                                                   rein_plan_log *log);

rein_result_plan_outcome __wrap_rein_plan_minimise(const rein_plan_problem *problem,
                                                   const rein_plan_options *options,
                                                   rein_workspace workspace, uint64_t *out_offsets,
                                                   rein_plan_log *log) {
    rein_result_plan_outcome outcome =
        __real_rein_plan_minimise(problem, options, workspace, out_offsets, log);
    REIN_VALUE(outcome).lower_bound_bytes += wrong_bound;
    return outcome;
}

static diagnostics sink;
static char *messages;
static size_t messages_length;
static lifetimes_file input;
static bool is_cancelled;
static work_limits limits;

static void set_up(void) {
    sink = (diagnostics){.memory = arena_create(),
                         .stream = open_memstream(&messages, &messages_length)};
    input_file file;
    cr_assert(input_file_from_text(&sink, "hard.csv", "lifetimes", hard, strlen(hard), &file) &&
                  lifetimes_file_read_text(&sink, &file, (upper_ends){.are_included = false}, NULL,
                                           &input),
              "the lifetimes are not read");
    wrong_check = 0;
    wrong_bytes = 0;
    wrong_bound = 0;
    is_cancelled = false;
    limits = (work_limits){.cancel = &is_cancelled};
}

static void tear_down(void) {
    fclose(sink.stream);
    free(messages);
    arena_destroy(sink.memory);
}

TestSuite(cli_certificate, .init = set_up, .fini = tear_down);

static void assert_said(const char *const *facts) {
    fflush(sink.stream);
    cr_assert(is_said(messages, facts), "said: %s", messages);
}

static plan_request request_with_log(rein_plan_log *log) {
    *log = certificate_log(sink.memory);
    return (plan_request){.capacity_bytes = rein_fact_u64_unknown(),
                          .effort = plan_effort_default(),
                          .log = log,
                          .limits = &limits};
}

static planned_lifetimes plan(const plan_request *request) {
    planned_lifetimes planned;
    cr_assert(lifetimes_plan(&sink, &input, request, &planned, NULL), "no plan");
    return planned;
}

/* Returns the result of a search that refuted 16 bytes and did not find a plan of 17. */
static planned_lifetimes interval(const plan_request *request) {
    plan_request without_effort = *request;
    without_effort.effort.steps = 0;
    planned_lifetimes planned = plan(&without_effort);
    cr_assert(planned.outcome.answer == REIN_PLAN_UNKNOWN, "the least height is known at once");
    planned.outcome.lower_bound_bytes = planned.peak.bytes + 1;
    return planned;
}

Test(cli_certificate, a_wrong_plan_is_not_believed) {
    rein_plan_log log;
    plan_request request = request_with_log(&log);
    planned_lifetimes planned;
    wrong_check = 1;
    cr_assert(!lifetimes_plan(&sink, &input, &request, &planned, NULL), "it is believed");
    assert_said(FACTS("hard.csv: ", "plan", "check", "fault 4", "defect"));
}

Test(cli_certificate, a_wrong_height_of_a_plan_is_not_believed) {
    rein_plan_log log;
    plan_request request = request_with_log(&log);
    planned_lifetimes planned;
    wrong_bytes = 1;
    cr_assert(!lifetimes_plan(&sink, &input, &request, &planned, NULL), "it is believed");
    assert_said(FACTS("hard.csv: ", "plan", "check", "fault 1", "defect"));
}

Test(cli_certificate, a_wrong_peak_is_not_believed) {
    plan_request request = {.capacity_bytes = rein_fact_u64_unknown()};
    planned_lifetimes planned;
    wrong_bound = 1;
    cr_assert(!lifetimes_plan(&sink, &input, &request, &planned, NULL), "it is believed");
    assert_said(FACTS("hard.csv: ", "plan", "check", "fault 1", "defect"));
}

Test(cli_certificate, a_wrong_height_is_not_believed) {
    rein_plan_log log;
    plan_request request = request_with_log(&log);
    planned_lifetimes planned = plan(&request);
    certificate made;
    planned.outcome.height_bytes--;
    cr_assert(!certificate_make(&sink, &input, &request, &planned, &made), "it is believed");
    assert_said(FACTS("hard.csv: ", "certificate", "check", "placement", "17 B", "defect"));
}

Test(cli_certificate, a_wrong_plan_of_the_recorded_bound_is_not_believed) {
    rein_plan_log log;
    plan_request request = request_with_log(&log);
    planned_lifetimes planned = interval(&request);
    certificate made;
    wrong_check = 1;
    cr_assert(!certificate_make(&sink, &input, &request, &planned, &made), "it is believed");
    assert_said(FACTS("hard.csv: ", "plan", "check", "fault"));
}

Test(cli_certificate, an_interrupt_of_the_replay_leaves_no_certificate) {
    rein_plan_log log;
    plan_request request = request_with_log(&log);
    planned_lifetimes planned = plan(&request);
    certificate made;
    is_cancelled = true;
    cr_assert(!certificate_make(&sink, &input, &request, &planned, &made), "it is made");
    assert_said(FACTS("hard.csv: ", "'--certificate'", "stopped", "word 1"));
}

Test(cli_certificate, a_bound_is_recorded) {
    rein_plan_log log;
    plan_request request = request_with_log(&log);
    planned_lifetimes planned = interval(&request);
    certificate made;
    cr_assert(certificate_make(&sink, &input, &request, &planned, &made), "%s", messages);
    cr_assert(made.kind == CLAIM_BETWEEN && made.has_refutation, "no refutation");
    cr_assert(made.bound_bytes == 17 && made.bytes == 18, "another interval");
}

Test(cli_certificate, an_interrupt_of_the_recording_leaves_the_peak_as_the_bound) {
    rein_plan_log log;
    plan_request request = request_with_log(&log);
    planned_lifetimes planned = interval(&request);
    certificate made;
    is_cancelled = true;
    cr_assert(certificate_make(&sink, &input, &request, &planned, &made), "%s", messages);
    cr_assert(made.kind == CLAIM_BETWEEN && !made.has_refutation, "a refutation");
    cr_assert(made.bound_bytes == 16 && made.bytes == 18, "another interval");
}
