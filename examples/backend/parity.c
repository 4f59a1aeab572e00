/* Runs a network of four inputs and one output on all sixteen patterns of bits. */
#include <stdio.h>

#include "dense_backend.h"

enum { PATTERN_COUNT = 16, BIT_COUNT = 4 };

/* What is known of the model before it is loaded. */
static rein_result_void print_estimate(const rein_backend *backend, const char *model_path) {
    rein_memory_estimate estimate =
        REIN_TRY(rein_result_void, rein_backend_estimate_memory(backend, model_path));
    char weights[REIN_UNITS_TEXT_CAPACITY];
    char activations[REIN_UNITS_TEXT_CAPACITY];
    rein_bytes_to_string(estimate.weights_bytes, weights, sizeof weights);
    rein_bytes_to_string(estimate.activation_bytes, activations, sizeof activations);
    printf("weights %s, activations %s\n", weights, activations);
    return rein_done();
}

/* The one tensor of a side, on the caller's memory of `size_bytes`. */
static rein_result_tensor tensor_of(rein_result_tensor_spec_view specs, void *data,
                                    uint64_t size_bytes) {
    REIN_TRY(rein_result_tensor, specs);
    const rein_tensor_spec *spec = &REIN_VALUE(specs).specs[0];
    uint64_t needed =
        REIN_TRY(rein_result_tensor, rein_tensor_descriptor_size_bytes(&spec->descriptor));
    if (needed != size_bytes) {
        rein_error error = rein_error_make(REIN_ERROR_UNSUPPORTED, REIN_HERE,
                                           "the model's {text} has {bytes}, expected {bytes}");
        error = rein_error_with_numbers(error, needed, size_bytes, 0);
        return rein_result_tensor_fail(rein_error_with_text(error, spec->descriptor.name));
    }
    return rein_tensor_make(spec, data);
}

static rein_result_void run(const rein_backend *backend, const char *model_path,
                            float input[PATTERN_COUNT][BIT_COUNT], float output[PATTERN_COUNT]) {
    REIN_TRY(rein_result_void, print_estimate(backend, model_path));
    REIN_TRY(rein_result_void, rein_backend_load(backend, model_path));
    rein_tensor in =
        REIN_TRY(rein_result_void, tensor_of(rein_backend_input_specs(backend, model_path), input,
                                             PATTERN_COUNT * sizeof input[0]));
    rein_tensor out =
        REIN_TRY(rein_result_void, tensor_of(rein_backend_output_specs(backend, model_path), output,
                                             PATTERN_COUNT * sizeof output[0]));
    rein_model_id model_id = REIN_TRY(rein_result_void, rein_model_id_make("parity4"));
    rein_execution_request request = {
        .model_id = model_id,
        .input_tensors = &in,
        .input_tensor_count = 1,
        .deadline = rein_timestamp_never(),
        .submission_time = rein_clock_now(rein_clock_system()),
    };
    rein_execution_result result = {.output_tensors = &out, .output_tensor_count = 1};
    return rein_backend_execute(backend, &request, &result);
}

static int print_error(rein_error error) {
    char text[512];
    rein_error_to_string(&error, text, sizeof text);
    fprintf(stderr, "%s\n", text);
    return 1;
}

int main(int argument_count, char **arguments) {
    if (argument_count != 2) {
        fprintf(stderr, "usage: %s MODEL\n", arguments[0]);
        return 2;
    }
    rein_result_backend created = dense_backend_create(rein_clock_system());
    if (!created.is_ok) {
        return print_error(REIN_ERROR(created));
    }
    float input[PATTERN_COUNT][BIT_COUNT];
    float output[PATTERN_COUNT];
    for (int pattern = 0; pattern < PATTERN_COUNT; pattern++) {
        for (int bit = 0; bit < BIT_COUNT; bit++) {
            input[pattern][bit] = (float)(pattern >> (BIT_COUNT - 1 - bit) & 1);
        }
    }
    rein_result_void done = run(&REIN_VALUE(created), arguments[1], input, output);
    rein_backend_destroy(&REIN_VALUE(created));
    for (int pattern = 0; done.is_ok && pattern < PATTERN_COUNT; pattern++) {
        printf("%g %g %g %g -> %g\n", input[pattern][0], input[pattern][1], input[pattern][2],
               input[pattern][3], output[pattern]);
    }
    return done.is_ok ? 0 : print_error(REIN_ERROR(done));
}
