#include <stdatomic.h>

#include "conformance/rules.h"
#include "conformance/trial.h"
#include "contract/submission.h"

enum { SUBMISSION_COUNT = 3 };

/* A trial that is submitted, and what its completion received. */
typedef struct submission {
    conformance_trial trial;
    atomic_int completions;
    rein_result_void outcome;
    const rein_execution_result *result;
} submission;

static void complete(void *context, rein_result_void outcome, rein_execution_result *result) {
    submission *completed = context;
    completed->outcome = outcome;
    completed->result = result;
    atomic_fetch_add(&completed->completions, 1);
}

static bool has_submission(conformance_probe *probe) {
    return probe_has_part(probe, offsetof(rein_backend_interface, submission),
                          "the backend has no submission");
}

static rein_result_void submit(conformance_probe *probe, submission *submitted) {
    return rein_backend_submit(&probe->backend, &submitted->trial.request, &submitted->trial.result,
                               (rein_completion){.function = complete, .context = submitted});
}

/* Sets up a trial whose outputs are large enough, by executing it. */
static bool submission_init(conformance_probe *probe, uint8_t number, submission *out_submission) {
    atomic_init(&out_submission->completions, 0);
    conformance_trial *trial = &out_submission->trial;
    if (!trial_init(probe, CONFORMANCE_TYPICAL, number, number, trial) ||
        !probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds", REIN_HERE)) {
        return false;
    }
    trial->result = trial->result_before;
    return true;
}

static void expect_completion(conformance_probe *probe, submission *submitted) {
    probe_expect(probe, atomic_load(&submitted->completions) == 1,
                 "each submission is completed once", REIN_HERE);
    if (atomic_load(&submitted->completions) > 0 &&
        probe_expect_ok(probe, submitted->outcome, "each submission succeeds", REIN_HERE)) {
        probe_expect(probe,
                     submitted->result == &submitted->trial.result &&
                         trial_result_is_complete(&submitted->trial),
                     "the completion receives the result that was submitted, complete", REIN_HERE);
    }
}

/* Frees the tensors of submissions, after the backend: one that breaks a rule may still use them.
 */
static void submissions_deinit(conformance_probe *probe, submission *submissions, size_t count) {
    rein_backend_destroy(&probe->backend);
    for (size_t index = 0; index < count; index++) {
        trial_deinit(probe, &submissions[index].trial);
    }
}

/* Whether a submission gave what executing the same inputs gives. */
static void expect_same_as_execute(conformance_probe *probe, const submission *submitted,
                                   uint8_t number) {
    conformance_trial executed;
    if (trial_init(probe, CONFORMANCE_TYPICAL, number, number, &executed) &&
        probe_expect_ok(probe, trial_execute(probe, &executed), "execute succeeds", REIN_HERE)) {
        probe_expect(probe,
                     !probe->subject->is_deterministic ||
                         trial_outputs_equal(&submitted->trial, &executed),
                     "a submission gives what execute gives", REIN_HERE);
    }
    trial_deinit(probe, &executed);
}

void rule_completes_each_submission_once(conformance_probe *probe) {
    submission submissions[SUBMISSION_COUNT] = {0};
    if (!has_submission(probe) || !probe_load(probe, REIN_HERE)) {
        return;
    }
    bool is_ready = true;
    for (uint8_t index = 0; is_ready && index < SUBMISSION_COUNT; index++) {
        is_ready = submission_init(probe, index, &submissions[index]) &&
                   probe_expect_ok(probe, submit(probe, &submissions[index]), "submit succeeds",
                                   REIN_HERE);
    }
    probe_expect_ok(probe, rein_backend_drain(&probe->backend), "drain succeeds", REIN_HERE);
    for (uint8_t index = 0; is_ready && index < SUBMISSION_COUNT; index++) {
        expect_completion(probe, &submissions[index]);
        expect_same_as_execute(probe, &submissions[index], index);
    }
    submissions_deinit(probe, submissions, SUBMISSION_COUNT);
}

static void try_refused(conformance_probe *probe, submission *submitted) {
    conformance_trial *trial = &submitted->trial;
    trial->request.model_id = REIN_UNWRAP(rein_model_id_make("another"));
    probe_expect_error(probe, submit(probe, submitted), REIN_ERROR_INVALID_ARGUMENT,
                       "submit refuses a request for another model", REIN_HERE);
    trial->request.model_id = probe_model_id();
    probe_expect_ok(probe, rein_backend_unload(&probe->backend), "unload succeeds", REIN_HERE);
    probe_expect_error(probe, submit(probe, submitted), REIN_ERROR_INVALID_STATE,
                       "submit answers InvalidState after unload", REIN_HERE);
    probe_expect_ok(probe, rein_backend_drain(&probe->backend), "drain succeeds without a model",
                    REIN_HERE);
    probe_expect(probe, atomic_load(&submitted->completions) == 0,
                 "the completion of a refused submission is not called", REIN_HERE);
    probe_expect(probe, trial_result_is_untouched(trial),
                 "a refused submission leaves the result untouched", REIN_HERE);
}

void rule_refused_submissions_never_complete(conformance_probe *probe) {
    submission submitted = {0};
    if (!has_submission(probe) || !probe_load(probe, REIN_HERE)) {
        return;
    }
    if (submission_init(probe, 1, &submitted)) {
        trial_note_state(&submitted.trial);
        try_refused(probe, &submitted);
    }
    submissions_deinit(probe, &submitted, 1);
}

void rule_unload_waits_for_submissions(conformance_probe *probe) {
    submission submitted = {0};
    if (!has_submission(probe) || !probe_load(probe, REIN_HERE)) {
        return;
    }
    if (submission_init(probe, 1, &submitted) &&
        probe_expect_ok(probe, submit(probe, &submitted), "submit succeeds", REIN_HERE)) {
        probe_expect_ok(probe, rein_backend_unload(&probe->backend), "unload succeeds", REIN_HERE);
        expect_completion(probe, &submitted);
    }
    submissions_deinit(probe, &submitted, 1);
}
