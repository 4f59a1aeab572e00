#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/rules.h"
#include "conformance/trial.h"

/* Executes a trial that has to be refused with `code`, and to leave the result alone. */
static bool expect_refusal(conformance_probe *probe, conformance_trial *trial, rein_error_code code,
                           const char *expectation, rein_source_location where) {
    return probe_expect_error(probe, trial_execute(probe, trial), code, expectation, where) &&
           probe_expect(probe, trial_result_is_untouched(trial),
                        "a failed execute leaves the result untouched", where);
}

void rule_refuses_to_execute_without_a_model(conformance_probe *probe) {
    conformance_trial trial;
    if (trial_init(probe, 1, 0, &trial)) {
        expect_refusal(probe, &trial, REIN_ERROR_INVALID_STATE,
                       "execute answers InvalidState before load", REIN_HERE);
        if (probe_load(probe, REIN_HERE)) {
            probe_expect_ok(probe, rein_backend_unload(&probe->backend), "unload succeeds",
                            REIN_HERE);
            expect_refusal(probe, &trial, REIN_ERROR_INVALID_STATE,
                           "execute answers InvalidState after unload", REIN_HERE);
        }
    }
    trial_deinit(probe, &trial);
}

/* A rule about one execution of a loaded model. */
typedef void (*trial_rule)(conformance_probe *probe, conformance_trial *trial);

static void try_loaded(conformance_probe *probe, trial_rule rule) {
    if (!probe_load(probe, REIN_HERE)) {
        return;
    }
    conformance_trial trial;
    if (trial_init(probe, 1, 0, &trial)) {
        rule(probe, &trial);
    }
    trial_deinit(probe, &trial);
}

static void try_completion(conformance_probe *probe, conformance_trial *trial) {
    if (probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds", REIN_HERE)) {
        probe_expect(probe, trial_result_is_complete(trial),
                     "the result holds the request's ids, a latency, and the caller's tensors",
                     REIN_HERE);
    }
}

void rule_completes_the_result(conformance_probe *probe) {
    try_loaded(probe, try_completion);
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
                 "the latency holds the time between submission and execute", REIN_HERE);
    probe_expect(probe, rein_duration_compare(latency, most) <= 0,
                 "the latency is no longer than from submission to now", REIN_HERE);
}

void rule_latency_runs_from_submission(conformance_probe *probe) {
    try_loaded(probe, try_latency);
}

static void try_deadlines(conformance_probe *probe, conformance_trial *trial) {
    if (probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds", REIN_HERE)) {
        probe_expect(probe, trial->result.deadline_met, "no deadline is never missed", REIN_HERE);
    }
    trial->result = trial->result_before;
    trial->request.deadline = rein_timestamp_from_ns(0);
    if (probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds", REIN_HERE)) {
        probe_expect(probe, trial->result.deadline_met, "a deadline of 0 is none", REIN_HERE);
    }
    trial->result = trial->result_before;
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
    probe_expect(probe, trial_result_is_untouched(trial),
                 "a failed execute leaves the result untouched", REIN_HERE);
}

void rule_says_whether_the_deadline_was_met(conformance_probe *probe) {
    try_loaded(probe, try_deadlines);
}

/* Executes a trial and compares its inputs with those of another that was filled alike. */
static void try_inputs(conformance_probe *probe, conformance_trial *trial) {
    conformance_trial same;
    bool is_ready = trial_init(probe, 1, 0, &same);
    if (is_ready &&
        probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds", REIN_HERE)) {
        for (size_t index = 0; index < trial->request.input_tensor_count; index++) {
            const rein_tensor *used = &trial->inputs[index];
            size_t bytes = REIN_UNWRAP(rein_tensor_size_bytes(used));
            probe_expect(probe,
                         bytes == 0 || memcmp(used->data, same.inputs[index].data, bytes) == 0,
                         "execute does not write to its inputs", REIN_HERE);
        }
    }
    trial_deinit(probe, &same);
}

void rule_leaves_the_inputs_alone(conformance_probe *probe) {
    try_loaded(probe, try_inputs);
}

static void try_output_specs(conformance_probe *probe, conformance_trial *trial) {
    const rein_tensor *outputs = trial->outputs;
    size_t count = trial->result.output_tensor_count;
    rein_tensor *before = calloc(count + 1, sizeof *before);
    if (!probe_expect(probe, before != NULL, "there is memory for a copy", REIN_HERE)) {
        return;
    }
    memcpy(before, outputs, count * sizeof *before);
    probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds", REIN_HERE);
    for (size_t index = 0; index < count; index++) {
        probe_expect(probe,
                     rein_tensor_spec_equal(&outputs[index].spec, &before[index].spec) &&
                         outputs[index].data == before[index].data,
                     "execute writes the outputs' bytes, not their specs", REIN_HERE);
    }
    free(before);
}

void rule_leaves_the_output_specs_alone(conformance_probe *probe) {
    try_loaded(probe, try_output_specs);
}

/* Tries a number of tensors that is one more, then one fewer than the right one. */
static void try_counts(conformance_probe *probe, conformance_trial *trial, size_t *count) {
    size_t right = *count;
    *count = right + 1;
    trial->result_before = trial->result;
    expect_refusal(probe, trial, REIN_ERROR_INVALID_ARGUMENT,
                   "a tensor too many is InvalidArgument", REIN_HERE);
    if (right > 0) {
        *count = right - 1;
        trial->result_before = trial->result;
        expect_refusal(probe, trial, REIN_ERROR_INVALID_ARGUMENT,
                       "a tensor too few is InvalidArgument", REIN_HERE);
    }
    *count = right;
}

static void try_all_counts(conformance_probe *probe, conformance_trial *trial) {
    try_counts(probe, trial, &trial->request.input_tensor_count);
    try_counts(probe, trial, &trial->result.output_tensor_count);
    probe_expect_ok(probe, trial_execute(probe, trial), "the right ones succeed afterwards",
                    REIN_HERE);
}

void rule_refuses_other_numbers_of_tensors(conformance_probe *probe) {
    try_loaded(probe, try_all_counts);
}

/* An element type of no more bits, so that the tensor's memory is enough. */
static rein_dtype other_dtype(rein_dtype dtype) {
    if (rein_dtype_bits(dtype) < 8) {
        return dtype == REIN_DTYPE_INT4 ? REIN_DTYPE_UINT4 : REIN_DTYPE_INT4;
    }
    return dtype == REIN_DTYPE_INT8 ? REIN_DTYPE_UINT8 : REIN_DTYPE_INT8;
}

static rein_layout other_layout(rein_layout layout) {
    switch (layout) {
    case REIN_LAYOUT_ROW_MAJOR:
        return REIN_LAYOUT_COLUMN_MAJOR;
    case REIN_LAYOUT_COLUMN_MAJOR:
        return REIN_LAYOUT_ROW_MAJOR;
    case REIN_LAYOUT_NCHW:
        return REIN_LAYOUT_NHWC;
    case REIN_LAYOUT_NHWC:
        break;
    }
    return REIN_LAYOUT_NCHW;
}

/* A shape of as many elements. */
static rein_shape other_shape(rein_shape shape) {
    if (shape.rank < REIN_SHAPE_MAX_RANK) {
        shape.dimensions[shape.rank] = 1;
        shape.rank++;
        return shape;
    }
    for (int32_t index = 0; index < shape.rank; index++) {
        shape.dimensions[index] = 1;
    }
    return shape;
}

/* Gives one tensor another spec in each of four ways, all refused. */
static void try_specs(conformance_probe *probe, conformance_trial *trial, rein_tensor *tensor) {
    rein_tensor_spec right = tensor->spec;
    rein_tensor_spec others[] = {right, right, right, right};
    others[0].descriptor.name[0] = right.descriptor.name[0] == 'x' ? 'y' : 'x';
    others[1].descriptor.dtype = other_dtype(right.descriptor.dtype);
    others[2].layout = other_layout(right.layout);
    others[3].descriptor.shape = other_shape(right.descriptor.shape);
    for (size_t index = 0; index < sizeof others / sizeof others[0]; index++) {
        tensor->spec = others[index];
        expect_refusal(probe, trial, REIN_ERROR_INVALID_ARGUMENT,
                       "a tensor of another name, type, layout or shape is InvalidArgument",
                       REIN_HERE);
    }
    tensor->spec = right;
}

static void try_all_specs(conformance_probe *probe, conformance_trial *trial) {
    for (size_t index = 0; index < trial->request.input_tensor_count; index++) {
        try_specs(probe, trial, &trial->inputs[index]);
    }
    for (size_t index = 0; index < trial->result.output_tensor_count; index++) {
        try_specs(probe, trial, &trial->outputs[index]);
    }
    probe_expect_ok(probe, trial_execute(probe, trial), "the right ones succeed afterwards",
                    REIN_HERE);
}

void rule_refuses_tensors_of_other_specs(conformance_probe *probe) {
    try_loaded(probe, try_all_specs);
}

static void try_repetition(conformance_probe *probe, conformance_trial *trial) {
    conformance_trial again;
    if (trial_init(probe, 2, 0, &again) &&
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
    try_loaded(probe, try_repetition);
}

enum { WORKER_COUNT = 4, TURNS_PER_WORKER = 64 };

/* One thread's executions. Each worker has inputs and a finding of its own. */
typedef struct worker {
    conformance_probe probe;
    conformance_trial alone; /* executed before the threads start */
    conformance_trial trial;
    pthread_t thread;
    bool has_started;
} worker;

static bool is_right(const worker *self) {
    bool is_comparable = self->probe.subject->is_deterministic;
    return trial_result_is_complete(&self->trial) &&
           (!is_comparable || trial_outputs_equal(&self->alone, &self->trial));
}

static void *work(void *argument) {
    worker *self = argument;
    conformance_probe *probe = &self->probe;
    for (int turn = 0; turn < TURNS_PER_WORKER; turn++) {
        rein_backend_capabilities capabilities = rein_backend_get_capabilities(&probe->backend);
        probe_expect(probe,
                     capabilities.max_batch_size >= 1 && rein_backend_is_loaded(&probe->backend),
                     "capabilities and is_loaded answer beside execute", REIN_HERE);
        if (probe_expect_ok(probe, trial_execute(probe, &self->trial),
                            "execute succeeds beside others", REIN_HERE)) {
            probe_expect(probe, is_right(self), "execute beside others answers as it does alone",
                         REIN_HERE);
        }
    }
    return NULL;
}

static bool worker_init(conformance_probe *probe, int index, worker *out_worker) {
    uint8_t number = (uint8_t)(index + 1);
    uint32_t variant = (uint32_t)index;
    *out_worker = (worker){.probe = *probe};
    bool has_trials = trial_init(probe, number, variant, &out_worker->alone);
    has_trials = trial_init(probe, number, variant, &out_worker->trial) && has_trials;
    return has_trials && probe_expect_ok(probe, trial_execute(probe, &out_worker->alone),
                                         "execute succeeds", REIN_HERE);
}

static void worker_deinit(conformance_probe *probe, worker *done) {
    trial_deinit(probe, &done->alone);
    trial_deinit(probe, &done->trial);
}

/* Starts all workers, waits for them, and takes over the first finding that is broken. */
static void workers_run(conformance_probe *probe, worker *workers) {
    for (int index = 0; index < WORKER_COUNT; index++) {
        worker *each = &workers[index];
        each->has_started = pthread_create(&each->thread, NULL, work, each) == 0;
        probe_expect(probe, each->has_started, "there is a thread for each worker", REIN_HERE);
    }
    for (int index = 0; index < WORKER_COUNT; index++) {
        if (workers[index].has_started) {
            pthread_join(workers[index].thread, NULL);
        }
        if (probe->finding.outcome != CONFORMANCE_BROKEN) {
            probe->finding = workers[index].probe.finding;
        }
    }
}

void rule_executes_from_several_threads(conformance_probe *probe) {
    if (!probe_load(probe, REIN_HERE)) {
        return;
    }
    worker workers[WORKER_COUNT];
    bool is_ready = true;
    for (int index = 0; index < WORKER_COUNT; index++) {
        is_ready = worker_init(probe, index, &workers[index]) && is_ready;
    }
    if (is_ready) {
        workers_run(probe, workers);
    }
    for (int index = 0; index < WORKER_COUNT; index++) {
        worker_deinit(probe, &workers[index]);
    }
}
