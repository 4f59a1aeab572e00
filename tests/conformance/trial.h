/* One execution that a rule tries: tensors that fit the model's specs, filled, and sentinels in the
 * result's members. */
#ifndef REIN_TESTS_CONFORMANCE_TRIAL_H
#define REIN_TESTS_CONFORMANCE_TRIAL_H

#include "conformance/probe.h"

/* The arrays of inputs and outputs have room for one valid tensor more than the specs ask for. The
 * suite owns the memory of all tensors, whatever a backend writes into them. */
typedef struct conformance_trial {
    rein_tensor_spec_view input_specs;  /* a copy of the backend's */
    rein_tensor_spec_view output_specs; /* a copy of the backend's */
    rein_tensor *inputs;
    rein_tensor *outputs;
    rein_tensor *outputs_before;    /* as they were before the call; the same memory */
    rein_execution_request request; /* submitted now, without a deadline */
    rein_execution_result result;
    rein_execution_result result_before; /* as it was before the call */
} conformance_trial;

/* Sets up a trial of that size whose UUID is made of `number`, with the inputs of that variant.
 * Breaks the probe's rule if the backend gives no valid specs or there is no memory; call
 * trial_deinit in either case. */
bool trial_init(conformance_probe *probe, conformance_size size, uint8_t number, uint32_t variant,
                conformance_trial *out_trial);
void trial_deinit(conformance_probe *probe, conformance_trial *trial);

/* Executes the trial. If an output is too small, gives it more memory and tries again. Errors: as
 * trial_judge. */
rein_result_void trial_execute(const conformance_probe *probe, conformance_trial *trial);

/* Returns the outcome of an execution of the trial that has ended. After this call, the outputs can
 * be read. Errors besides the outcome's: BackendError from here, with the result restored, if
 *  - a success replaced the caller's outputs or exceeded their capacities;
 *  - a success left shapes that the specs or the symbols of the inputs do not allow;
 *  - a failure touched the result. */
rein_result_void trial_judge(conformance_trial *trial, rein_result_void outcome);

/* Notes the result and its outputs as they are before the next call. */
void trial_note_state(conformance_trial *trial);

/* Restores the result and its outputs, except their bytes, to what was noted. */
void trial_restore(conformance_trial *trial);

/* Returns whether every member of the result and of its outputs is as it was before the call. */
bool trial_result_is_untouched(const conformance_trial *trial);

/* Returns whether every member of the outputs, except the shape, is as it was before the call. */
bool trial_only_shapes_differ(const conformance_trial *trial);

/* Returns whether the result holds what a completed execution of this request writes. */
bool trial_result_is_complete(const conformance_trial *trial);

/* Returns whether the outputs of two trials that succeeded have the same shapes and bytes. */
bool trial_outputs_equal(const conformance_trial *left, const conformance_trial *right);

/* Executes a trial that must be refused with `code` and must leave the result untouched. */
bool trial_expect_refusal(conformance_probe *probe, conformance_trial *trial, rein_error_code code,
                          const char *expectation, rein_source_location where);

/* A rule about one execution of typical size of a loaded model. */
typedef void (*trial_rule)(conformance_probe *probe, conformance_trial *trial);
void probe_try_loaded(conformance_probe *probe, trial_rule rule);

/* Sets up a trial of typical size, executes it, and expects success. */
bool probe_execute(conformance_probe *probe, rein_source_location where);

#endif
