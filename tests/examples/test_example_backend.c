/* The example backend keeps the rules of a backend, and computes the right numbers. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "conformance/backend_conformance_criterion.h"
#include "dense_backend.h"
#include "expect.h"
#include "mocks/virtual_clock.h"
#include "parity_patterns.h"
#include "samples.h"
#include "unopenable_path.h"

static virtual_clock time_source;
static rein_clock clock_view;
static rein_backend backend;

/* A model file that a test writes into the directory it runs in. */
static char written_path[] = "example-model-XXXXXX";
static bool is_written;

static rein_result_backend create_backend(void *context) {
    (void)context;
    return dense_backend_create(&clock_view);
}

static void set_up(void) {
    virtual_clock_init(&time_source, rein_timestamp_from_ns(0));
    clock_view = virtual_clock_view(&time_source);
    backend = REIN_UNWRAP(create_backend(NULL));
}

static void tear_down(void) {
    rein_backend_destroy(&backend);
    if (is_written) {
        unlink(written_path);
    }
}

TestSuite(example_backend, .init = set_up, .fini = tear_down);

static void write_model(const char *text) {
    int descriptor = is_written ? -1 : mkstemp(written_path);
    FILE *file = is_written ? fopen(written_path, "w") : fdopen(descriptor, "w");
    cr_assert(file != NULL && fputs(text, file) >= 0, "the model is written");
    cr_assert(fclose(file) == 0, "to its end");
    is_written = true;
}

/* The rules of sequences, submission and buffers are waived. */
enum { WITHOUT_PARTS = 12 };

static conformance_subject subject_of(const char *model_path) {
    return (conformance_subject){
        .create = create_backend,
        .clock = &clock_view,
        .model_path = model_path,
        .missing_path = EXAMPLE_MODEL_PATH ".missing",
        .broken_path = EXAMPLE_BROKEN_PATH,
        .is_deterministic = true,
    };
}

Test(example_backend, conforms_with_the_model_that_ships_with_it) {
    conformance_subject subject = subject_of(EXAMPLE_MODEL_PATH);
    subject.fill_input = fill_patterns;
    expect_backend_conforms(&subject, WITHOUT_PARTS);
}

Test(example_backend, conforms_with_a_model_without_hidden_tensors) {
    write_model("dense-network 1 batch 1 layer 1 1 linear 2 3");
    conformance_subject subject = subject_of(written_path);
    expect_backend_conforms(&subject, WITHOUT_PARTS + 2); /* a batch of one row is a fixed shape */
}

static rein_result_void load(const char *model_path) {
    rein_model_id id = REIN_UNWRAP(rein_model_id_make("sample"));
    return rein_backend_load(&backend, model_path, &id);
}

/* Loads the model and executes it once with this many rows, on the memory of the caller. */
static void compute(const char *model_path, int64_t rows, float *input, float *output,
                    size_t output_bytes) {
    cr_assert(load(model_path).is_ok, "the model is loaded");
    rein_result_tensor_spec_view inputs = rein_backend_input_specs(&backend, model_path);
    rein_result_tensor_spec_view outputs = rein_backend_output_specs(&backend, model_path);
    rein_shape shape = rein_tensor_spec_min_shape(&REIN_VALUE(inputs).specs[0]);
    shape.dimensions[0] = rows;
    rein_tensor in =
        REIN_UNWRAP(rein_tensor_make_shaped(&REIN_VALUE(inputs).specs[0], &shape, input));
    rein_tensor out =
        REIN_UNWRAP(rein_tensor_make_output(&REIN_VALUE(outputs).specs[0], output, output_bytes));
    rein_execution_request request = sample_request(1);
    request.input_tensors = &in;
    request.input_tensor_count = 1;
    rein_execution_result result = rein_execution_result_make(&out, 1);
    rein_result_void executed = rein_backend_execute(&backend, &request, &result);
    cr_assert(executed.is_ok, "the model is executed");
    cr_assert(out.descriptor.shape.dimensions[0] == rows, "with as many rows as the input has");
}

Test(example_backend, computes_the_parity_of_four_bits) {
    float input[64];
    rein_tensor filled = {.descriptor.shape = {.dimensions = {16, 4}, .rank = 2}, .data = input};
    fill_patterns(NULL, 0, &filled);
    float output[16];
    compute(EXAMPLE_MODEL_PATH, 16, input, output, sizeof output);
    const float expected[] = {0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0};
    for (size_t row = 0; row < 16; row++) {
        cr_assert(output[row] == expected[row], "row %zu is %g, expected %g", row,
                  (double)output[row], (double)expected[row]);
    }
}

/* By hand: the hidden row of (2, 1) is relu(0.5*2 - 1*1 + 0.25, -2*2 + 1*1 + 1) = (0.25, 0), of
 * (-1, 3) it is relu(-0.5 - 3 + 0.25, 2 + 3 + 1) = (0, 6). All are exact in binary. */
Test(example_backend, computes_weights_biases_and_relu) {
    write_model("dense-network 1\n"
                "batch 2\n"
                "layer 2 2 relu   0.5 -1 0.25   -2 1 1\n"
                "layer 2 3 linear 4 0 -8   0 1 0.5   -1 -1 0 # no relu: stays negative\n");
    float input[] = {2, 1, -1, 3};
    float output[6];
    compute(written_path, 2, input, output, sizeof output);
    const float expected[] = {-7, 0.5F, -0.25F, -8, 6.5F, -6};
    for (size_t index = 0; index < 6; index++) {
        cr_assert(output[index] == expected[index], "output %zu is %g, expected %g", index,
                  (double)output[index], (double)expected[index]);
    }
}

Test(example_backend, estimates_what_the_model_takes) {
    rein_result_memory_estimate estimate =
        rein_backend_estimate_memory(&backend, EXAMPLE_MODEL_PATH, NULL);
    cr_assert(REIN_VALUE(estimate).weights_bytes.value == 4 * (4 * 5 + 2 * 5 + 2 * 3 + 1 * 3),
              "four bytes for every weight and bias");
    cr_assert(REIN_VALUE(estimate).activation_bytes.value == 4 * 16 * (4 + 2),
              "the first hidden tensor and the second; the third takes the place of the first");
    rein_result_lifetime_view lifetimes =
        rein_backend_estimate_lifetimes(&backend, EXAMPLE_MODEL_PATH, NULL);
    cr_assert(REIN_VALUE(lifetimes).count == 3, "three hidden tensors");
    cr_assert(REIN_VALUE(lifetimes).lifetimes[2].from == 2, "the third is made last");
}

Test(example_backend, hidden_tensors_of_a_smaller_batch_are_smaller) {
    rein_shape shape = {.dimensions = {2, 4}, .rank = 2};
    rein_input_shapes asked = {.shapes = &shape, .count = 1};
    rein_result_lifetime_view lifetimes =
        rein_backend_estimate_lifetimes(&backend, EXAMPLE_MODEL_PATH, &asked);
    cr_assert(REIN_VALUE(lifetimes).lifetimes[0].size_bytes == 4 * 2 * 4, "two rows of four");
    rein_result_memory_estimate estimate =
        rein_backend_estimate_memory(&backend, EXAMPLE_MODEL_PATH, &asked);
    cr_assert(REIN_VALUE(estimate).activation_bytes.value == 4 * 16 * (4 + 2),
              "load takes the memory of the largest batch");
}

Test(example_backend, analysis_of_another_model_leaves_the_loaded_one_alone) {
    write_model("dense-network 1 batch 1 layer 1 1 linear 2 3");
    float input[1] = {5};
    float output[16] = {0};
    compute(written_path, 1, input, output, sizeof output);
    cr_assert(rein_backend_input_specs(&backend, EXAMPLE_MODEL_PATH).is_ok, "another model");
    cr_assert(rein_backend_output_specs(&backend, EXAMPLE_MODEL_PATH).is_ok, "another model");
    REIN_IGNORE(rein_backend_unload(&backend));
    compute(written_path, 1, input, output, sizeof output);
    cr_assert(output[0] == 13, "2 * 5 + 3 is %g", (double)output[0]);
}

static void expect_refused(const char *model, const char *facts) {
    write_model(model);
    rein_result_void loaded = load(written_path);
    cr_assert(!loaded.is_ok, "refused: %s", facts);
    expect_error_facts(&REIN_ERROR(loaded), REIN_ERROR_BACKEND_ERROR, facts);
    cr_assert(!rein_backend_is_loaded(&backend), "nothing is loaded");
    cr_assert(!rein_backend_estimate_memory(&backend, written_path, NULL).is_ok, "nor estimated");
    cr_assert(!rein_backend_estimate_lifetimes(&backend, written_path, NULL).is_ok, "nor analysed");
    cr_assert(!rein_backend_input_specs(&backend, written_path).is_ok, "nor described");
}

Test(example_backend, refuses_files_that_are_not_models) {
    expect_refused("", "line 1 end file dense-network");
    expect_refused("# nothing\n\nyes", "line 3 yes dense-network");
    expect_refused("dense-network 2", "line 1 2 1");
    expect_refused("dense-network 1\nrows", "line 2 rows batch");
    expect_refused("dense-network 1 batch 1", "line 1 end file layer");
    expect_refused("dense-network-with-a-name-that-is-far-too-long 1",
                   "line 1 dense-network-with-a-name-that- dense-network");
}

Test(example_backend, refuses_counts_that_are_out_of_range) {
    expect_refused("dense-network 1 batch 0", "line 1 0 1 64");
    expect_refused("dense-network 1 batch 65", "line 1 65 1 64");
    expect_refused("dense-network 1 batch -1", "line 1 -1 1 64");
    expect_refused("dense-network 1 batch 18446744073709551617",
                   "line 1 18446744073709551617 1 64");
    expect_refused("dense-network 1 batch 1 layer 1025", "line 1 1025 1 1024");
    expect_refused("dense-network 1 batch 1 layer 1 x", "line 1 x 1 1024");
}

Test(example_backend, refuses_layers_that_break_a_rule) {
    expect_refused("dense-network 1 batch 1 layer 1 1 tanh", "line 1 tanh relu linear");
    expect_refused("dense-network 1 batch 1 layer 1 1 relu 1", "line 1 end file number");
    expect_refused("dense-network 1 batch 1 layer 1 1 relu 1x 0", "line 1 1x number");
    expect_refused("dense-network 1 batch 1 layer 1 1 relu inf 0", "line 1 inf number");
    expect_refused("dense-network 1 batch 1 layer 1 1 relu 0.10000000000000000000000000000000 0",
                   "line 1 0.10000000000000000000000000000 number");
    expect_refused("dense-network 1 batch 1 layer 1 1 relu 1 0\nlayer 2 1 relu 1 1 0",
                   "line 2 2 inputs 1 outputs");
    expect_refused("dense-network 1 batch 1 layer 1 1 relu 1 0 more", "line 1 more layer");
}

Test(example_backend, refuses_one_layer_too_many) {
    char model[2048] = "dense-network 1 batch 1";
    for (int layer = 0; layer < 17; layer++) {
        strcat(model, " layer 1 1 relu 1 0");
    }
    expect_refused(model, "line 1 layers 16");
}

Test(example_backend, closes_every_file_that_it_opens) {
    write_model("dense-network 1 batch 1 layer 1 1 linear 2 wrong");
    struct rlimit limit = {.rlim_cur = 32, .rlim_max = 32};
    cr_assert(setrlimit(RLIMIT_NOFILE, &limit) == 0, "no more than 32 open files");
    for (int turn = 0; turn < 64; turn++) {
        rein_result_memory_estimate estimate =
            rein_backend_estimate_memory(&backend, EXAMPLE_MODEL_PATH, NULL);
        cr_assert(estimate.is_ok, "turn %d of a sound model", turn);
        estimate = rein_backend_estimate_memory(&backend, written_path, NULL);
        expect_error_facts(&REIN_ERROR(estimate), REIN_ERROR_BACKEND_ERROR, "line 1 wrong number");
    }
}

Test(example_backend, says_which_path_it_did_not_find) {
    rein_result_void loaded = load("no/such/model");
    expect_error_facts(&REIN_ERROR(loaded), REIN_ERROR_NOT_FOUND, "no/such/model");
    cr_assert(REIN_ERROR(loaded).native_code == ENOENT, "and the errno");
}

Test(example_backend, a_model_that_cannot_be_opened_is_not_missing) {
    rein_result_void loaded = load(unopenable_path());
    cr_assert(!loaded.is_ok, "it is not loaded");
    expect_code(&REIN_ERROR(loaded), REIN_ERROR_BACKEND_ERROR);
    cr_assert(REIN_ERROR(loaded).native_code == ENAMETOOLONG, "and the errno");
}

Test(example_backend, a_second_load_and_a_second_unload_are_refused) {
    cr_assert(load(EXAMPLE_MODEL_PATH).is_ok, "the model is loaded");
    rein_result_void refused = load(EXAMPLE_MODEL_PATH);
    expect_error_facts(&REIN_ERROR(refused), REIN_ERROR_INVALID_STATE,
                       "a model is loaded; unload it first");
    cr_assert(rein_backend_unload(&backend).is_ok, "the model is unloaded");
    refused = rein_backend_unload(&backend);
    expect_error_facts(&REIN_ERROR(refused), REIN_ERROR_INVALID_STATE,
                       "no model is loaded; load one first");
}
