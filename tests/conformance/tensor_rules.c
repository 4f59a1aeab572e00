#include <string.h>

#include "conformance/rules.h"
#include "conformance/shapes.h"
#include "conformance/trial.h"

/* Executes a trial and compares its inputs with those of another one that was filled equally. */
static void try_inputs(conformance_probe *probe, conformance_trial *trial) {
    conformance_trial same;
    bool is_ready = trial_init(probe, CONFORMANCE_TYPICAL, 1, 0, &same);
    if (is_ready &&
        probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds", REIN_HERE)) {
        for (size_t index = 0; index < same.input_specs.count; index++) {
            const rein_tensor *filled = &same.inputs[index];
            probe_expect(probe,
                         filled->data == NULL || memcmp(trial->inputs[index].data, filled->data,
                                                        filled->capacity_bytes) == 0,
                         "execute does not write to its inputs", REIN_HERE);
        }
    }
    trial_deinit(probe, &same);
}

void rule_leaves_the_inputs_alone(conformance_probe *probe) {
    probe_try_loaded(probe, try_inputs);
}

static void try_outputs(conformance_probe *probe, conformance_trial *trial) {
    if (probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds", REIN_HERE)) {
        probe_expect(probe, trial_only_shapes_differ(trial),
                     "execute changes only the shape and the bytes of an output", REIN_HERE);
    }
}

void rule_changes_only_shape_and_bytes_of_outputs(conformance_probe *probe) {
    probe_try_loaded(probe, try_outputs);
}

/* Tries an output with less memory than it needs. */
static void try_too_small(conformance_probe *probe, conformance_trial *trial, size_t index,
                          uint64_t capacity_bytes, uint64_t needed_bytes) {
    rein_result_void refused =
        trial_judge(trial, rein_backend_execute(&probe->backend, &trial->request, &trial->result));
    if (probe_expect_error(probe, refused, REIN_ERROR_BUFFER_TOO_SMALL,
                           "an output with too little memory is BufferTooSmall", REIN_HERE)) {
        const uint64_t *numbers = REIN_ERROR(refused).numbers;
        probe_expect(probe,
                     numbers[0] > capacity_bytes && numbers[0] <= needed_bytes &&
                         numbers[1] == capacity_bytes && numbers[2] == index,
                     "the error has the bytes needed, the capacity and the index", REIN_HERE);
    }
}

/* Tries an output with less memory than it needs, then with exactly as much. */
static void try_capacity(conformance_probe *probe, conformance_trial *trial, size_t index,
                         uint64_t capacity_bytes, uint64_t needed_bytes) {
    rein_tensor right = trial->outputs[index];
    trial->outputs[index].capacity_bytes = capacity_bytes;
    trial->outputs[index].data = capacity_bytes == 0 ? NULL : right.data;
    trial_note_state(trial);
    try_too_small(probe, trial, index, capacity_bytes, needed_bytes);
    trial->outputs[index] = right;
    trial->outputs[index].capacity_bytes = needed_bytes;
    trial_note_state(trial);
    if (!probe_is_broken(probe)) {
        rein_result_void done = trial_judge(
            trial, rein_backend_execute(&probe->backend, &trial->request, &trial->result));
        probe_expect_ok(probe, done, "exactly as much memory as needed is enough", REIN_HERE);
    }
    trial->outputs[index].capacity_bytes = right.capacity_bytes;
}

static void try_capacities(conformance_probe *probe, conformance_trial *trial) {
    if (!probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds", REIN_HERE)) {
        return;
    }
    for (size_t index = 0; !probe_is_broken(probe) && index < trial->output_specs.count; index++) {
        rein_result_bytes bytes = rein_tensor_size_bytes(&trial->outputs[index]);
        if (bytes.is_ok && REIN_VALUE(bytes) > 0) {
            try_capacity(probe, trial, index, REIN_VALUE(bytes) - 1, REIN_VALUE(bytes));
            try_capacity(probe, trial, index, 0, REIN_VALUE(bytes));
        }
    }
}

/* The sizes of the outputs must be the same in each execution. */
void rule_says_how_many_bytes_an_output_needs(conformance_probe *probe) {
    if (!probe->subject->is_deterministic) {
        probe_waive(probe, "the backend is not deterministic");
        return;
    }
    probe_try_loaded(probe, try_capacities);
}

static void try_size(conformance_probe *probe, conformance_size size) {
    conformance_trial trial;
    if (trial_init(probe, size, 1, 0, &trial) &&
        probe_expect_ok(probe, trial_execute(probe, &trial), "execute succeeds at every size",
                        REIN_HERE)) {
        for (size_t index = 0; index < trial.output_specs.count; index++) {
            probe_expect_ok(probe, rein_tensor_validate(&trial.outputs[index]),
                            "each output is valid", REIN_HERE);
        }
    }
    trial_deinit(probe, &trial);
}

void rule_executes_at_every_size(conformance_probe *probe) {
    rein_tensor_spec_view inputs;
    if (!probe_load(probe, REIN_HERE) || !probe_input_specs(probe, &inputs)) {
        return;
    }
    bool is_dynamic = probe_is_dynamic(probe, inputs);
    for (int size = 0; is_dynamic && size < CONFORMANCE_SIZE_COUNT; size++) {
        try_size(probe, (conformance_size)size);
    }
}
