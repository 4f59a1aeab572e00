/* One execution that a rule tries: tensors that fit the model's specs, filled, and sentinels where
 * the result is to be written. */
#ifndef REIN_TESTS_CONFORMANCE_TRIAL_H
#define REIN_TESTS_CONFORMANCE_TRIAL_H

#include "conformance/probe.h"

/* Both arrays have room for a tensor more than the specs ask for; it is sound, and surplus. */
typedef struct conformance_trial {
    rein_tensor *inputs;
    rein_tensor *outputs;
    rein_execution_request request; /* submitted now, without a deadline */
    rein_execution_result result;
    rein_execution_result result_before; /* as it is before the call */
} conformance_trial;

/* Sets up a trial whose UUID is made of `number`, with the inputs of that variant. Breaks the
 * probe's rule where the backend gives no sound specs or there is no memory; call trial_deinit in
 * either case. */
bool trial_init(conformance_probe *probe, uint8_t number, uint32_t variant,
                conformance_trial *out_trial);
void trial_deinit(conformance_probe *probe, conformance_trial *trial);

rein_result_void trial_execute(const conformance_probe *probe, conformance_trial *trial);

/* Whether every field of the result is as it was before the call. */
bool trial_result_is_untouched(const conformance_trial *trial);

/* Whether the result holds what a completed execution of this request writes. */
bool trial_result_is_complete(const conformance_trial *trial);

/* Whether all output bytes of two trials of the same specs are equal. */
bool trial_outputs_equal(const conformance_trial *left, const conformance_trial *right);

/* Sets up a trial, executes it, and expects success. */
bool probe_execute(conformance_probe *probe, rein_source_location where);

#endif
