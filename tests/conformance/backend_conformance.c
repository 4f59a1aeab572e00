#include "conformance/backend_conformance.h"

#include <stdio.h>

#include "conformance/rules.h"

typedef struct conformance_rule {
    const char *name;
    void (*check)(conformance_probe *probe);
} conformance_rule;

static const conformance_rule rules[] = {
    {"capabilities are sound", rule_capabilities_are_sound},
    {"starts without a model", rule_starts_without_a_model},
    {"loads and unloads again and again", rule_loads_and_unloads_again_and_again},
    {"refuses a second load", rule_refuses_a_second_load},
    {"refuses to unload without a model", rule_refuses_to_unload_without_a_model},
    {"does not load a missing model", rule_does_not_load_a_missing_model},
    {"keeps no path", rule_keeps_no_path},
    {"instances are independent", rule_instances_are_independent},
    {"destroy gives back the model", rule_destroy_gives_back_the_model},
    {"warms up", rule_warms_up},
    {"refuses NULL arguments", rule_refuses_null_arguments},
    {"specs are sound", rule_specs_are_sound},
    {"lifetimes are sound", rule_lifetimes_are_sound},
    {"activations cover the lifetimes", rule_activations_cover_the_lifetimes},
    {"analysis loads nothing", rule_analysis_loads_nothing},
    {"analysis is the same when loaded", rule_analysis_is_the_same_when_loaded},
    {"analysis does not find a missing model", rule_analysis_does_not_find_a_missing_model},
    {"refuses to execute without a model", rule_refuses_to_execute_without_a_model},
    {"completes the result", rule_completes_the_result},
    {"latency runs from submission", rule_latency_runs_from_submission},
    {"says whether the deadline was met", rule_says_whether_the_deadline_was_met},
    {"leaves the inputs alone", rule_leaves_the_inputs_alone},
    {"leaves the output specs alone", rule_leaves_the_output_specs_alone},
    {"refuses other numbers of tensors", rule_refuses_other_numbers_of_tensors},
    {"refuses tensors of other specs", rule_refuses_tensors_of_other_specs},
    {"equal inputs give equal outputs", rule_equal_inputs_give_equal_outputs},
    {"executes from several threads", rule_executes_from_several_threads},
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

conformance_report conformance_check(const conformance_subject *subject) {
    conformance_report report = {0};
    for (size_t rule = 0; rule < conformance_rule_count(); rule++) {
        conformance_finding finding = conformance_check_rule(subject, rule);
        report.held += finding.outcome == CONFORMANCE_HELD ? 1 : 0;
        report.waived += finding.outcome == CONFORMANCE_WAIVED ? 1 : 0;
        if (finding.outcome == CONFORMANCE_BROKEN) {
            report.first_broken = report.broken == 0 ? finding : report.first_broken;
            report.broken++;
        }
    }
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
