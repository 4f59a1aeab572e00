#include "conformance/rules.h"
#include "conformance/trial.h"
#include "contract/sequences.h"

/* The tokens of a sequence if the subject does not set them. */
enum { DEFAULT_MAX_TOKENS = 4096 };

/* The executions that show whether a state is kept. */
enum { STATE_TRIAL_COUNT = 4 };

static uint64_t max_tokens(const conformance_probe *probe) {
    return probe->subject->max_tokens == 0 ? DEFAULT_MAX_TOKENS : probe->subject->max_tokens;
}

/* Opens a sequence. Breaks the rule and returns false if that fails. */
static bool open_sequence(conformance_probe *probe, rein_sequence_id *out_sequence) {
    rein_result_sequence_id opened = rein_backend_open_sequence(&probe->backend, max_tokens(probe));
    if (!opened.is_ok) {
        return probe_expect_ok(probe, rein_result_void_fail(REIN_ERROR(opened)),
                               "a sequence is opened", REIN_HERE);
    }
    *out_sequence = REIN_VALUE(opened);
    return probe_expect(probe, out_sequence->value != 0, "the id of a sequence is not 0",
                        REIN_HERE);
}

static bool has_sequences(conformance_probe *probe) {
    return probe_has_part(probe, offsetof(rein_backend_interface, sequences),
                          "the backend has no sequences");
}

static void expect_closed(conformance_probe *probe, rein_sequence_id sequence) {
    probe_expect_error(probe, rein_backend_close_sequence(&probe->backend, sequence),
                       REIN_ERROR_NOT_FOUND, "closing a sequence that is not open is NotFound",
                       REIN_HERE);
}

void rule_opens_and_closes_sequences(conformance_probe *probe) {
    rein_sequence_id first;
    rein_sequence_id second;
    if (!has_sequences(probe)) {
        return;
    }
    rein_result_sequence_id early = rein_backend_open_sequence(&probe->backend, max_tokens(probe));
    probe_expect(probe, !early.is_ok && REIN_ERROR(early).code == REIN_ERROR_INVALID_STATE,
                 "opening a sequence answers InvalidState before load", REIN_HERE);
    if (!probe_load(probe, REIN_HERE) || !open_sequence(probe, &first)) {
        return;
    }
    probe_expect_ok(probe, rein_backend_close_sequence(&probe->backend, first),
                    "an open sequence is closed", REIN_HERE);
    expect_closed(probe, first);
    if (open_sequence(probe, &second)) {
        probe_expect(probe, !rein_sequence_id_equal(first, second),
                     "an id is not used a second time", REIN_HERE);
        probe_expect_ok(probe, rein_backend_close_sequence(&probe->backend, second),
                        "an open sequence is closed", REIN_HERE);
    }
}

static void try_sequence(conformance_probe *probe, conformance_trial *trial) {
    if (!open_sequence(probe, &trial->request.sequence)) {
        return;
    }
    if (probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds in an open sequence",
                        REIN_HERE) &&
        probe_expect_ok(probe,
                        rein_backend_close_sequence(&probe->backend, trial->request.sequence),
                        "an open sequence is closed", REIN_HERE)) {
        trial_expect_refusal(probe, trial, REIN_ERROR_NOT_FOUND,
                             "execute in a sequence that is not open is NotFound", REIN_HERE);
    }
}

void rule_executes_in_open_sequences_only(conformance_probe *probe) {
    if (has_sequences(probe)) {
        probe_try_loaded(probe, try_sequence);
    }
}

void rule_unload_closes_sequences(conformance_probe *probe) {
    rein_sequence_id sequence;
    if (!has_sequences(probe) || !probe_load(probe, REIN_HERE) ||
        !open_sequence(probe, &sequence)) {
        return;
    }
    probe_expect_ok(probe, rein_backend_unload(&probe->backend), "unload succeeds", REIN_HERE);
    if (probe_load(probe, REIN_HERE)) {
        expect_closed(probe, sequence);
    }
}

static void try_unknown_sequence(conformance_probe *probe, conformance_trial *trial) {
    const rein_backend_interface *table = probe->backend.table;
    bool has_part = table->struct_size > offsetof(rein_backend_interface, sequences) &&
                    table->sequences != NULL;
    trial->request.sequence.value = 1;
    trial_expect_refusal(probe, trial, has_part ? REIN_ERROR_NOT_FOUND : REIN_ERROR_UNSUPPORTED,
                         "execute in a sequence that was never opened is NotFound, or Unsupported "
                         "if the backend has no sequences",
                         REIN_HERE);
}

void rule_refuses_sequences_it_does_not_have(conformance_probe *probe) {
    probe_try_loaded(probe, try_unknown_sequence);
}

/* Executes a new trial, in a sequence of its own or without one. */
static bool execute_new(conformance_probe *probe, bool has_sequence, conformance_trial *out_trial) {
    rein_sequence_id *sequence = &out_trial->request.sequence;
    return trial_init(probe, CONFORMANCE_TYPICAL, 1, 0, out_trial) &&
           (!has_sequence || open_sequence(probe, sequence)) &&
           probe_expect_ok(probe, trial_execute(probe, out_trial), "execute succeeds", REIN_HERE) &&
           (!has_sequence ||
            probe_expect_ok(probe, rein_backend_close_sequence(&probe->backend, *sequence),
                            "an open sequence is closed", REIN_HERE));
}

/* Executes four trials: the second and the fourth in a sequence of their own. */
static void try_states(conformance_probe *probe, conformance_trial *trials) {
    bool goes_on = true;
    for (size_t index = 0; goes_on && index < STATE_TRIAL_COUNT; index++) {
        goes_on = execute_new(probe, index % 2 == 1, &trials[index]);
    }
    if (goes_on) {
        probe_expect(probe, trial_outputs_equal(&trials[0], &trials[2]),
                     "an execution without a sequence starts from an empty state", REIN_HERE);
        probe_expect(probe, trial_outputs_equal(&trials[1], &trials[3]),
                     "an execution without a sequence leaves no state", REIN_HERE);
    }
}

void rule_keeps_no_state_without_a_sequence(conformance_probe *probe) {
    if (!has_sequences(probe)) {
        return;
    }
    if (!probe->subject->is_deterministic) {
        probe_waive(probe, "the backend is not deterministic");
        return;
    }
    conformance_trial trials[STATE_TRIAL_COUNT] = {0};
    if (probe_load(probe, REIN_HERE)) {
        try_states(probe, trials);
    }
    for (size_t index = 0; index < STATE_TRIAL_COUNT; index++) {
        trial_deinit(probe, &trials[index]);
    }
}

/* Writes the bytes of a state. Returns false if they are Unsupported, or if the rule is broken. */
static bool call_estimate_state(conformance_probe *probe, uint64_t tokens, uint64_t *out_bytes) {
    rein_result_bytes answer =
        rein_backend_estimate_state(&probe->backend, probe->subject->model_path, tokens);
    if (!answer.is_ok) {
        return probe_is_known(probe, rein_result_void_fail(REIN_ERROR(answer)));
    }
    *out_bytes = REIN_VALUE(answer);
    return true;
}

/* Asks about the path that does not exist, if the subject names one. */
static bool expect_missing_not_found(conformance_probe *probe) {
    const char *path = probe->subject->missing_path;
    if (path == NULL) {
        return true;
    }
    rein_result_bytes answer =
        rein_backend_estimate_state(&probe->backend, path, max_tokens(probe));
    return probe_expect(probe, !answer.is_ok && REIN_ERROR(answer).code == REIN_ERROR_NOT_FOUND,
                        "static analysis answers NotFound if the path does not exist", REIN_HERE);
}

static void try_loaded_states(conformance_probe *probe, uint64_t tokens, uint64_t bytes) {
    uint64_t bytes_when_loaded = 0;
    uint64_t fewer_bytes = 0;
    if (!probe_load(probe, REIN_HERE)) {
        return;
    }
    bool is_known = call_estimate_state(probe, tokens, &bytes_when_loaded);
    probe_expect(probe, is_known && bytes_when_loaded == bytes,
                 "the state of a sequence is the same before and after load", REIN_HERE);
    if (call_estimate_state(probe, (tokens + 1) / 2, &fewer_bytes)) {
        probe_expect(probe, fewer_bytes <= bytes, "more tokens do not need less state", REIN_HERE);
    }
}

void rule_state_estimates_are_sound(conformance_probe *probe) {
    uint64_t bytes = 0;
    if (!has_sequences(probe)) {
        return;
    }
    if (!call_estimate_state(probe, max_tokens(probe), &bytes)) {
        probe_waive(probe, "the engine cannot know its state");
        return;
    }
    bool is_unloaded = probe_expect(probe, !rein_backend_is_loaded(&probe->backend),
                                    "no model is loaded by static analysis", REIN_HERE);
    if (is_unloaded && expect_missing_not_found(probe)) {
        try_loaded_states(probe, max_tokens(probe), bytes);
    }
}
