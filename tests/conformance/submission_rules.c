#include <stdatomic.h>

#include "conformance/rules.h"
#include "conformance/trial.h"
#include "contract/submission.h"

enum { SUBMISSION_COUNT = 3 };

/* A trial that is submitted, and what its completion received. */
typedef struct submission {
    conformance_trial trial;
    bool is_cancelled;
    atomic_int *completion_count; /* of all submissions of the rule */
    int position;                 /* among their completions, from 0 */
    atomic_int completions;       /* of this one */
    rein_result_void outcome;
    const rein_execution_result *result;
} submission;

static void complete(void *context, rein_result_void outcome, rein_execution_result *result) {
    submission *completed = context;
    completed->outcome = outcome;
    completed->result = result;
    completed->position = atomic_fetch_add(completed->completion_count, 1);
    atomic_fetch_add(&completed->completions, 1);
}

static bool has_submission(conformance_probe *probe) {
    return probe_has_part(probe, offsetof(rein_backend_interface, submission),
                          "the backend has no submission");
}

static rein_result_void submit(conformance_probe *probe, submission *submitted) {
    trial_note_state(&submitted->trial);
    return rein_backend_submit(&probe->backend, &submitted->trial.request, &submitted->trial.result,
                               (rein_completion){.function = complete, .context = submitted});
}

/* Sets up a trial whose outputs are large enough, by executing it. */
static bool submission_init(conformance_probe *probe, uint8_t number, atomic_int *completion_count,
                            submission *out_submission) {
    atomic_init(&out_submission->completions, 0);
    out_submission->completion_count = completion_count;
    conformance_trial *trial = &out_submission->trial;
    if (!trial_init(probe, CONFORMANCE_TYPICAL, number, number, trial) ||
        !probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds", REIN_HERE)) {
        return false;
    }
    trial->result = trial->result_before;
    return true;
}

static bool expect_completion(conformance_probe *probe, submission *submitted) {
    return probe_expect(probe, atomic_load(&submitted->completions) == 1,
                        "each submission is completed once", REIN_HERE) &&
           probe_expect_ok(probe, trial_judge(&submitted->trial, submitted->outcome),
                           "each submission succeeds", REIN_HERE) &&
           probe_expect(probe,
                        submitted->result == &submitted->trial.result &&
                            trial_result_is_complete(&submitted->trial),
                        "the completion receives the result that was submitted, complete",
                        REIN_HERE);
}

/* Destroys the backend, which may still use the tensors if it breaks a rule, then frees them. */
static void submissions_deinit(conformance_probe *probe, submission *submissions, size_t count) {
    rein_backend_destroy(&probe->backend);
    for (size_t index = 0; index < count; index++) {
        trial_deinit(probe, &submissions[index].trial);
    }
}

/* Compares the outputs of a submission with those of executing the same inputs. */
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

/* A check of submissions that have completed. */
typedef void (*submissions_rule)(conformance_probe *probe, submission *submissions);

/* Submits several executions to one stream, drains, and calls the rule. */
static void try_submissions(conformance_probe *probe, submissions_rule rule) {
    submission submissions[SUBMISSION_COUNT] = {0};
    atomic_int completion_count = 0;
    if (!has_submission(probe) || !probe_load(probe, REIN_HERE)) {
        return;
    }
    bool is_ready = true;
    for (uint8_t index = 0; is_ready && index < SUBMISSION_COUNT; index++) {
        is_ready = submission_init(probe, index, &completion_count, &submissions[index]);
    }
    for (size_t index = 0; is_ready && index < SUBMISSION_COUNT; index++) {
        is_ready = probe_expect_ok(probe, submit(probe, &submissions[index]), "submit succeeds",
                                   REIN_HERE);
    }
    if (probe_expect_ok(probe, rein_backend_drain(&probe->backend), "drain succeeds", REIN_HERE) &&
        is_ready) {
        rule(probe, submissions);
    }
    submissions_deinit(probe, submissions, SUBMISSION_COUNT);
}

static void try_completions(conformance_probe *probe, submission *submissions) {
    bool goes_on = true;
    for (uint8_t index = 0; goes_on && index < SUBMISSION_COUNT; index++) {
        goes_on = expect_completion(probe, &submissions[index]);
        if (goes_on) {
            expect_same_as_execute(probe, &submissions[index], index);
        }
    }
}

void rule_completes_each_submission_once(conformance_probe *probe) {
    try_submissions(probe, try_completions);
}

static void try_order(conformance_probe *probe, submission *submissions) {
    for (int index = 0; index < SUBMISSION_COUNT; index++) {
        const submission *completed = &submissions[index];
        probe_expect(probe,
                     atomic_load(&completed->completions) == 1 && completed->position == index,
                     "submissions to one stream complete in their order", REIN_HERE);
    }
}

void rule_completes_submissions_in_order(conformance_probe *probe) {
    try_submissions(probe, try_order);
}

/* A check of one execution that can be submitted. */
typedef void (*submission_rule)(conformance_probe *probe, submission *submitted);

static void try_submission(conformance_probe *probe, submission_rule rule) {
    submission submitted = {0};
    atomic_int completion_count = 0;
    if (!has_submission(probe) || !probe_load(probe, REIN_HERE)) {
        return;
    }
    if (submission_init(probe, 1, &completion_count, &submitted)) {
        rule(probe, &submitted);
    }
    submissions_deinit(probe, &submitted, 1);
}

/* Refused by submit, or completed with Cancelled. */
static void try_cancelled(conformance_probe *probe, submission *submitted) {
    submitted->is_cancelled = true;
    submitted->trial.request.cancel = &submitted->is_cancelled;
    rein_result_void done = submit(probe, submitted);
    int expected_completions = done.is_ok ? 1 : 0;
    probe_expect_ok(probe, rein_backend_drain(&probe->backend), "drain succeeds", REIN_HERE);
    if (probe_expect(probe, atomic_load(&submitted->completions) == expected_completions,
                     "a cancelled submission is completed once, unless it was refused",
                     REIN_HERE)) {
        rein_result_void outcome = done.is_ok ? submitted->outcome : done;
        probe_expect_error(probe, trial_judge(&submitted->trial, outcome), REIN_ERROR_CANCELLED,
                           "a submission whose cancel flag is set is Cancelled", REIN_HERE);
    }
}

void rule_cancels_submissions(conformance_probe *probe) {
    try_submission(probe, try_cancelled);
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
    try_submission(probe, try_refused);
}

static void try_unload(conformance_probe *probe, submission *submitted) {
    if (probe_expect_ok(probe, submit(probe, submitted), "submit succeeds", REIN_HERE) &&
        probe_expect_ok(probe, rein_backend_unload(&probe->backend), "unload succeeds",
                        REIN_HERE)) {
        expect_completion(probe, submitted);
    }
}

void rule_unload_waits_for_submissions(conformance_probe *probe) {
    try_submission(probe, try_unload);
}
