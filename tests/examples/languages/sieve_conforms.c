/* The backend in Rust through the conformance suite. A plain main, so that no test framework is
 * linked together with Rust's library. */
#include <stdio.h>

#include "conformance/backend_conformance.h"

/* examples/rust/sieve_backend.rs */
rein_result_backend sieve_backend_create(const rein_clock *clock);

static rein_result_backend create(void *context) {
    (void)context;
    return sieve_backend_create(rein_clock_system());
}

/* Values from -8 to 7, so that some are below the threshold. */
static void fill_input(void *context, uint32_t variant, const rein_tensor *input) {
    (void)context;
    float *values = input->data;
    for (int64_t index = 0; index < input->descriptor.shape.dimensions[0]; index++) {
        values[index] = (float)(((int64_t)variant + index * 5) % 16 - 8);
    }
}

int main(int argument_count, char **arguments) {
    conformance_subject subject = {
        .create = create,
        .clock = rein_clock_system(),
        .model_path = argument_count > 1 ? arguments[1] : "",
        .missing_path = "no/such/model",
        .is_deterministic = true,
        .fill_input = fill_input,
    };
    conformance_report report = conformance_check(&subject);
    printf("%zu rules held, %zu broken, %zu waived\n", report.held, report.broken, report.waived);
    if (report.broken > 0) {
        char text[1024];
        conformance_finding_to_string(&report.first_broken, text, sizeof text);
        puts(text);
    }
    return report.broken == 0 && report.held > 0 ? 0 : 1;
}
