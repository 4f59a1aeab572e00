#include "conformance/rules.h"
#include "conformance/trial.h"
#include "contract/sequences.h"

/* Enough tokens for the executions of one rule. */
enum { MAX_TOKENS = 64 };

/* Opens a sequence; false and waived if the backend has none, false and broken if it fails. */
static bool open_sequence(conformance_probe *probe, rein_sequence_id *out_sequence) {
    rein_result_sequence_id opened = rein_backend_open_sequence(&probe->backend, MAX_TOKENS);
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
    rein_result_sequence_id early = rein_backend_open_sequence(&probe->backend, MAX_TOKENS);
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
    probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds in an open sequence",
                    REIN_HERE);
    probe_expect_ok(probe, rein_backend_close_sequence(&probe->backend, trial->request.sequence),
                    "an open sequence is closed", REIN_HERE);
    trial_note_state(trial);
    trial_expect_refusal(probe, trial, REIN_ERROR_NOT_FOUND,
                         "execute in a sequence that is not open is NotFound", REIN_HERE);
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
