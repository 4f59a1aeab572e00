/* The backend on ONNX Runtime through the conformance suite, with one model. Prints each rule that
 * is not held, and the totals. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/backend_conformance.h"
#include "ort_backend.h"

enum { MAX_BATCH_SIZE = 4 };

/* The command line. */
typedef struct arguments {
    const char *library;
    const char *model;
    const char *not_a_model;
    size_t shape_count;
    char **shapes; /* of the first input: smallest, typical and largest; none: the suite's */
} arguments;

typedef struct context {
    const ort_engine *engine;
    rein_shape shapes[CONFORMANCE_SIZE_COUNT];
} context;

static rein_result_backend create_backend(void *opaque) {
    const context *made = opaque;
    ort_backend_options options = {.clock = rein_clock_system(),
                                   .max_batch_size = MAX_BATCH_SIZE,
                                   .activation_limit_bytes = REIN_GIB,
                                   .measures_device_time = true};
    return ort_backend_create(made->engine, &options);
}

/* Positive and negative values: a model that selects has something to select. */
static void fill_input(void *opaque, uint32_t variant, const rein_tensor *input) {
    (void)opaque;
    float *values = input->data;
    size_t count = input->descriptor.dtype == REIN_DTYPE_FLOAT32 ? input->capacity_bytes / 4 : 0;
    for (size_t index = 0; index < count; index++) {
        values[index] = (float)((index * 7 + variant * 3) % 11) / 4 - 1;
    }
}

static void choose_shape(void *opaque, conformance_size size, size_t index, rein_shape *shape) {
    const context *made = opaque;
    if (index == 0) {
        *shape = made->shapes[size];
    }
}

/* "1x3x32x32" */
static rein_shape parse_shape(const char *text) {
    rein_shape shape = {.rank = 0};
    char *end = NULL;
    do {
        shape.dimensions[shape.rank++] = strtoll(text, &end, 10);
        text = end + 1;
    } while (*end == 'x' && shape.rank < REIN_SHAPE_MAX_RANK);
    return shape;
}

static void print_finding(void *opaque, const conformance_finding *finding) {
    (void)opaque;
    char text[1024];
    conformance_finding_to_string(finding, text, sizeof text);
    if (finding->outcome != CONFORMANCE_HELD) {
        puts(text);
    }
}

static int check(const arguments *given, const ort_engine *engine) {
    context made = {.engine = engine};
    for (size_t size = 0; size < given->shape_count; size++) {
        made.shapes[size] = parse_shape(given->shapes[size]);
    }
    conformance_subject subject = {
        .create = create_backend,
        .context = &made,
        .clock = rein_clock_system(),
        .model_path = given->model,
        .missing_path = "no/such/model.onnx",
        .broken_path = given->not_a_model,
        .is_deterministic = true,
        .fill_input = fill_input,
        .choose_shape = given->shape_count > 0 ? choose_shape : NULL,
    };
    conformance_report report = conformance_check(&subject, print_finding, NULL);
    printf("%zu held, %zu broken, %zu waived, %zu untried\n", report.held, report.broken,
           report.waived, report.untried);
    return report.broken + report.untried > 0 ? 1 : 0;
}

int main(int argument_count, char **argument_texts) {
    if (argument_count != 4 && argument_count != 4 + CONFORMANCE_SIZE_COUNT) {
        fprintf(stderr, "usage: %s LIBRARY MODEL NOT-A-MODEL [SMALLEST TYPICAL LARGEST]\n",
                argument_texts[0]);
        return 2;
    }
    arguments given = {.library = argument_texts[1],
                       .model = argument_texts[2],
                       .not_a_model = argument_texts[3],
                       .shape_count = (size_t)argument_count - 4,
                       .shapes = argument_texts + 4};
    ort_engine *engine = REIN_UNWRAP(ort_engine_create(given.library));
    int status = check(&given, engine);
    ort_engine_destroy(engine);
    return status;
}
