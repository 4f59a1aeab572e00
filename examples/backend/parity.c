/* Runs a network of four inputs and one output on all sixteen patterns of bits. */
#include <stdio.h>

#include "dense_backend.h"

enum { PATTERN_COUNT = 16, BIT_COUNT = 4 };

/* Prints the estimate of the model before it is loaded. This backend knows every fact. */
static rein_result_void print_estimate(const rein_backend *backend, const char *model_path) {
    rein_memory_estimate estimate =
        REIN_TRY(rein_result_void, rein_backend_estimate_memory(backend, model_path, NULL));
    char weights[REIN_UNITS_TEXT_CAPACITY];
    char activations[REIN_UNITS_TEXT_CAPACITY];
    rein_bytes_to_string(estimate.weights_bytes.value, weights, sizeof weights);
    rein_bytes_to_string(estimate.activation_bytes.value, activations, sizeof activations);
    printf("weights %s, activations %s\n", weights, activations);
    return rein_done();
}

static rein_result_void run(const rein_backend *backend, const char *model_path,
                            float input[PATTERN_COUNT][BIT_COUNT], float output[PATTERN_COUNT]) {
    rein_model_id id = REIN_TRY(rein_result_void, rein_model_id_make("parity4"));
    REIN_TRY(rein_result_void, print_estimate(backend, model_path));
    REIN_TRY(rein_result_void, rein_backend_load(backend, model_path, &id));
    rein_tensor_spec_view inputs =
        REIN_TRY(rein_result_void, rein_backend_input_specs(backend, model_path));
    rein_tensor_spec_view outputs =
        REIN_TRY(rein_result_void, rein_backend_output_specs(backend, model_path));
    rein_shape shape = {.dimensions = {PATTERN_COUNT, BIT_COUNT}, .rank = 2};
    rein_tensor in =
        REIN_TRY(rein_result_void, rein_tensor_make_shaped(&inputs.specs[0], &shape, input));
    rein_tensor out =
        REIN_TRY(rein_result_void, rein_tensor_make_output(&outputs.specs[0], output,
                                                           PATTERN_COUNT * sizeof output[0]));
    rein_request_id request_id = REIN_TRY(rein_result_void, rein_request_id_generate());
    rein_execution_request request =
        rein_execution_request_make(id, request_id, &in, 1, rein_clock_now(rein_clock_system()));
    rein_execution_result result = rein_execution_result_make(&out, 1);
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
