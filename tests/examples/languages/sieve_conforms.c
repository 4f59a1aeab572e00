/* rust_sieve MODEL TEXT WAIVED: the backend in Rust through the conformance suite. MODEL is a model
 * of the sieve, TEXT a file that is not; WAIVED is the number of rules that it cannot show. A plain
 * main, so that no test framework is linked together with Rust's library. */
#include <stdio.h>
#include <stdlib.h>

#include "conformance/backend_conformance.h"

/* examples/rust/sieve_backend.rs */
rein_result_backend sieve_backend_create(const rein_clock *clock);

static rein_result_backend create(void *context) {
    (void)context;
    return sieve_backend_create(rein_clock_system());
}

/* Values from -8 to 7, so that a threshold of 0 keeps some. */
static void fill_input(void *context, uint32_t variant, const rein_tensor *input) {
    (void)context;
    float *values = input->data;
    for (int64_t index = 0; index < input->descriptor.shape.dimensions[0]; index++) {
        values[index] = (float)((variant + index * 5) % 16 - 8);
    }
}

static void print_unless_held(void *context, const conformance_finding *finding) {
    (void)context;
    if (finding->outcome != CONFORMANCE_HELD) {
        char text[1024];
        conformance_finding_to_string(finding, text, sizeof text);
        puts(text);
    }
}

int main(int argument_count, char **arguments) {
    if (argument_count != 4) {
        return 2;
    }
    conformance_subject subject = {
        .create = create,
        .clock = rein_clock_system(),
        .model_path = arguments[1],
        .missing_path = "no/such/model",
        .broken_path = arguments[2],
        .is_deterministic = true,
        .fill_input = fill_input,
    };
    conformance_report report = conformance_check(&subject, print_unless_held, NULL);
    printf("%zu rules held, %zu broken, %zu waived\n", report.held, report.broken, report.waived);
    bool is_whole = report.held + report.waived == conformance_rule_count();
    return is_whole && report.waived == strtoul(arguments[3], NULL, 10) ? 0 : 1;
}
