#include "conformance/backend_conformance.h"

#include <stdio.h>

#include "conformance/rules.h"

typedef struct conformance_rule {
    const char *name;
    void (*check)(conformance_probe *probe);
} conformance_rule;

/* If the first rule is broken, no other can be tried. */
static const conformance_rule rules[] = {
    {"loads its model", rule_loads_its_model},
    {"capabilities are sound", rule_capabilities_are_sound},
    {"starts without a model", rule_starts_without_a_model},
    {"loads and unloads again and again", rule_loads_and_unloads_again_and_again},
    {"refuses a second load", rule_refuses_a_second_load},
    {"refuses to unload without a model", rule_refuses_to_unload_without_a_model},
    {"does not load a missing model", rule_does_not_load_a_missing_model},
    {"does not load a broken model", rule_does_not_load_a_broken_model},
    {"keeps no path", rule_keeps_no_path},
    {"instances are independent", rule_instances_are_independent},
    {"destroy releases the model", rule_destroy_releases_the_model},
    {"warms up", rule_warms_up},
    {"refuses NULL arguments", rule_refuses_null_arguments},
    {"specs are sound", rule_specs_are_sound},
    {"the memory estimate is sound", rule_memory_estimate_is_sound},
    {"lifetimes are sound", rule_lifetimes_are_sound},
    {"activations cover the lifetimes", rule_activations_cover_the_lifetimes},
    {"analysis loads nothing", rule_analysis_loads_nothing},
    {"analysis is the same when loaded", rule_analysis_is_the_same_when_loaded},
    {"views outlive load and unload", rule_views_outlive_load_and_unload},
    {"analysis does not find a missing model", rule_analysis_does_not_find_a_missing_model},
    {"estimates are sound at every size", rule_estimates_are_sound_at_every_size},
    {"analysis refuses other shapes", rule_analysis_refuses_other_shapes},
    {"refuses to execute without a model", rule_refuses_to_execute_without_a_model},
    {"refuses requests for another model", rule_refuses_requests_for_another_model},
    {"refuses a cancelled request", rule_refuses_a_cancelled_request},
    {"completes the result", rule_completes_the_result},
    {"latency runs from submission", rule_latency_runs_from_submission},
    {"says whether the deadline was met", rule_says_whether_the_deadline_was_met},
    {"leaves the inputs alone", rule_leaves_the_inputs_alone},
    {"changes only shape and bytes of outputs", rule_changes_only_shape_and_bytes_of_outputs},
    {"refuses other numbers of tensors", rule_refuses_other_numbers_of_tensors},
    {"refuses tensors of other specs", rule_refuses_tensors_of_other_specs},
    {"says how many bytes an output needs", rule_says_how_many_bytes_an_output_needs},
    {"executes at every size", rule_executes_at_every_size},
    {"equal inputs give equal outputs", rule_equal_inputs_give_equal_outputs},
    {"executes from several threads", rule_executes_from_several_threads},
    {"analysis runs beside execute", rule_analysis_runs_beside_execute},
    {"opens and closes sequences", rule_opens_and_closes_sequences},
    {"executes in open sequences only", rule_executes_in_open_sequences_only},
    {"unload closes sequences", rule_unload_closes_sequences},
    {"refuses sequences it does not have", rule_refuses_sequences_it_does_not_have},
    {"keeps no state without a sequence", rule_keeps_no_state_without_a_sequence},
    {"state estimates are sound", rule_state_estimates_are_sound},
    {"completes each submission once", rule_completes_each_submission_once},
    {"completes submissions in order", rule_completes_submissions_in_order},
    {"cancels submissions", rule_cancels_submissions},
    {"refused submissions never complete", rule_refused_submissions_never_complete},
    {"unload waits for submissions", rule_unload_waits_for_submissions},
    {"allocates buffers", rule_allocates_buffers},
    {"executes with its own buffers", rule_executes_with_its_own_buffers},
};

size_t conformance_rule_count(void) {
    return sizeof rules / sizeof rules[0];
}

const char *conformance_rule_name(size_t rule) {
    return rules[rule].name;
}

conformance_finding conformance_check_rule(const conformance_subject *subject, size_t rule) {
    conformance_probe probe = {
        .subject = subject,
        .finding = {.outcome = CONFORMANCE_HELD, .rule = rules[rule].name, .expectation = ""},
    };
    rein_result_backend created = subject->create(subject->context);
    if (!created.is_ok) {
        probe_expect_ok(&probe, rein_result_void_fail(REIN_ERROR(created)),
                        "the subject makes a backend", REIN_HERE);
        return probe.finding;
    }
    probe.backend = REIN_VALUE(created);
    rules[rule].check(&probe);
    rein_backend_destroy(&probe.backend);
    return probe.finding;
}

static void count(conformance_report *report, const conformance_finding *finding) {
    report->held += finding->outcome == CONFORMANCE_HELD ? 1 : 0;
    report->waived += finding->outcome == CONFORMANCE_WAIVED ? 1 : 0;
    if (finding->outcome == CONFORMANCE_BROKEN) {
        report->first_broken = report->broken == 0 ? *finding : report->first_broken;
        report->broken++;
    }
}

conformance_report
conformance_check(const conformance_subject *subject,
                  void (*visit)(void *context, const conformance_finding *finding), void *context) {
    conformance_report report = {0};
    size_t rule = 0;
    bool goes_on = true;
    for (; goes_on && rule < conformance_rule_count(); rule++) {
        conformance_finding finding = conformance_check_rule(subject, rule);
        count(&report, &finding);
        if (visit != NULL) {
            visit(context, &finding);
        }
        goes_on = rule > 0 || finding.outcome != CONFORMANCE_BROKEN;
    }
    report.untried = conformance_rule_count() - rule;
    return report;
}

static size_t broken_to_string(const conformance_finding *finding, char *buffer, size_t capacity) {
    char error[512] = "";
    if (finding->error.code != 0) {
        rein_error_to_string(&finding->error, error, sizeof error);
    }
    int length =
        snprintf(buffer, capacity, "%s: expected that %s [%s, %s:%d]%s%s", finding->rule,
                 finding->expectation, finding->where.function, finding->where.file,
                 (int)finding->where.line, finding->error.code != 0 ? ", but: " : "", error);
    return (size_t)length;
}

size_t conformance_finding_to_string(const conformance_finding *finding, char *buffer,
                                     size_t capacity) {
    if (finding->outcome == CONFORMANCE_BROKEN) {
        return broken_to_string(finding, buffer, capacity);
    }
    bool is_waived = finding->outcome == CONFORMANCE_WAIVED;
    return (size_t)snprintf(buffer, capacity, "%s: %s%s", finding->rule,
                            is_waived ? "waived, " : "held", finding->expectation);
}
