#include "conformance/rules.h"
#include "conformance/trial.h"

static void try_without_a_model(conformance_probe *probe, conformance_trial *trial) {
    trial_expect_refusal(probe, trial, REIN_ERROR_INVALID_STATE,
                         "execute answers InvalidState before load", REIN_HERE);
    if (probe_load(probe, REIN_HERE)) {
        probe_expect_ok(probe, rein_backend_unload(&probe->backend), "unload succeeds", REIN_HERE);
        trial_expect_refusal(probe, trial, REIN_ERROR_INVALID_STATE,
                             "execute answers InvalidState after unload", REIN_HERE);
    }
}

void rule_refuses_to_execute_without_a_model(conformance_probe *probe) {
    conformance_trial trial;
    if (trial_init(probe, CONFORMANCE_TYPICAL, 1, 0, &trial)) {
        try_without_a_model(probe, &trial);
    }
    trial_deinit(probe, &trial);
}

static void try_another_model(conformance_probe *probe, conformance_trial *trial) {
    trial->request.model_id = REIN_UNWRAP(rein_model_id_make("another"));
    trial_expect_refusal(probe, trial, REIN_ERROR_INVALID_ARGUMENT,
                         "a request for another model than the loaded one is InvalidArgument",
                         REIN_HERE);
    trial->request.model_id = probe_model_id();
    probe_expect_ok(probe, trial_execute(probe, trial), "a request for it succeeds afterwards",
                    REIN_HERE);
}

void rule_refuses_requests_for_another_model(conformance_probe *probe) {
    probe_try_loaded(probe, try_another_model);
}

static void try_cancelled(conformance_probe *probe, conformance_trial *trial) {
    bool is_cancelled = true;
    trial->request.cancel = &is_cancelled;
    trial_expect_refusal(probe, trial, REIN_ERROR_CANCELLED,
                         "a request whose cancel flag is set is Cancelled", REIN_HERE);
    is_cancelled = false;
    probe_expect_ok(probe, trial_execute(probe, trial), "one whose flag is not set succeeds",
                    REIN_HERE);
}

void rule_refuses_a_cancelled_request(conformance_probe *probe) {
    probe_try_loaded(probe, try_cancelled);
}

static void try_completion(conformance_probe *probe, conformance_trial *trial) {
    if (probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds", REIN_HERE)) {
        probe_expect(probe, trial_result_is_complete(trial),
                     "the result holds the request's ids, a latency, a device time or none, and "
                     "the caller's tensors",
                     REIN_HERE);
    }
}

void rule_completes_the_result(conformance_probe *probe) {
    probe_try_loaded(probe, try_completion);
}

static void try_latency(conformance_probe *probe, conformance_trial *trial) {
    rein_timestamp now = rein_clock_now(probe->subject->clock);
    rein_duration waited = rein_duration_from_ns(REIN_NS_PER_S);
    trial->request.submission_time = rein_timestamp_add_saturating(
        now, rein_duration_subtract_saturating(rein_duration_from_ns(0), waited));
    if (!probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds", REIN_HERE)) {
        return;
    }
    rein_duration most = rein_timestamp_since_saturating(rein_clock_now(probe->subject->clock),
                                                         trial->request.submission_time);
    rein_duration latency = trial->result.actual_latency;
    probe_expect(probe, rein_duration_compare(latency, waited) >= 0,
                 "the latency includes the time between submission and execute", REIN_HERE);
    probe_expect(probe, rein_duration_compare(latency, most) <= 0,
                 "the latency is no longer than from submission to now", REIN_HERE);
}

void rule_latency_runs_from_submission(conformance_probe *probe) {
    probe_try_loaded(probe, try_latency);
}

static void expect_met(conformance_probe *probe, conformance_trial *trial, rein_timestamp deadline,
                       const char *expectation) {
    trial->request.deadline = deadline;
    if (probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds", REIN_HERE)) {
        probe_expect(probe, trial->result.deadline_met, expectation, REIN_HERE);
    }
    trial->result = trial->result_before;
}

static void try_deadlines(conformance_probe *probe, conformance_trial *trial) {
    expect_met(probe, trial, rein_timestamp_never(), "a deadline of never is not missed");
    expect_met(probe, trial, rein_timestamp_from_ns(0), "a deadline of 0 means no deadline");
    trial->request.deadline = rein_timestamp_add_saturating(rein_clock_now(probe->subject->clock),
                                                            rein_duration_from_ns(-1));
    rein_result_void late = trial_execute(probe, trial);
    if (late.is_ok) {
        probe_expect(probe, !trial->result.deadline_met, "a deadline that has passed is missed",
                     REIN_HERE);
        return;
    }
    probe_expect_error(probe, late, REIN_ERROR_DEADLINE_MISSED,
                       "a late request succeeds or is given up with DeadlineMissed", REIN_HERE);
}

void rule_says_whether_the_deadline_was_met(conformance_probe *probe) {
    probe_try_loaded(probe, try_deadlines);
}

static void try_repetition(conformance_probe *probe, conformance_trial *trial) {
    conformance_trial again;
    if (trial_init(probe, CONFORMANCE_TYPICAL, 2, 0, &again) &&
        probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds", REIN_HERE) &&
        probe_expect_ok(probe, trial_execute(probe, &again), "execute succeeds", REIN_HERE)) {
        probe_expect(probe, trial_outputs_equal(trial, &again), "equal inputs give equal outputs",
                     REIN_HERE);
    }
    trial_deinit(probe, &again);
}

void rule_equal_inputs_give_equal_outputs(conformance_probe *probe) {
    if (!probe->subject->is_deterministic) {
        probe_waive(probe, "the backend is not deterministic");
        return;
    }
    probe_try_loaded(probe, try_repetition);
}
