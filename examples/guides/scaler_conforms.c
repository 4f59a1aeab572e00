/* scaler_conforms MODEL BROKEN: checks the backend against every rule of the conformance suite.
 * BROKEN is a file that is not a model. */
#include <stdio.h>

#include "conformance/backend_conformance.h"
#include "scaler_backend.h"

static rein_result_backend create(void *context) {
    return scaler_backend_create(context);
}

static void fill_input(void *context, uint32_t variant, const rein_tensor *input) {
    (void)context;
    float *values = input->data;
    for (int64_t index = 0; index < input->descriptor.shape.dimensions[0]; index++) {
        values[index] = (float)(variant + index);
    }
}

static void print_unless_held(void *context, const conformance_finding *finding) {
    (void)context;
    if (finding->outcome != CONFORMANCE_HELD) {
        char text[512];
        conformance_finding_to_string(finding, text, sizeof text);
        puts(text);
    }
}

int main(int argument_count, char **arguments) {
    if (argument_count != 3) {
        fprintf(stderr, "usage: %s MODEL BROKEN\n", arguments[0]);
        return 2;
    }
    rein_clock clock = *rein_clock_system();
    conformance_subject subject = {.create = create,
                                   .context = &clock,
                                   .clock = &clock,
                                   .model_path = arguments[1],
                                   .missing_path = "no/such/model",
                                   .broken_path = arguments[2],
                                   .is_deterministic = true,
                                   .fill_input = fill_input};
    conformance_report report = conformance_check(&subject, print_unless_held, NULL);
    printf("%zu held, %zu broken, %zu waived, %zu untried\n", report.held, report.broken,
           report.waived, report.untried);
    return report.broken + report.untried == 0 ? 0 : 1;
}
