/* scaler_conforms MODEL: holds the backend to every rule of contract/backend.h. */
#include <stdio.h>

#include "conformance/backend_conformance.h"
#include "scaler_backend.h"

static rein_result_backend create(void *context) {
    return scaler_backend_create(context);
}

static void fill_input(void *context, uint32_t variant, const rein_tensor *input) {
    (void)context;
    float *values = input->data;
    for (uint32_t index = 0; index < 4; index++) {
        values[index] = (float)(variant + index);
    }
}

int main(int argument_count, char **arguments) {
    rein_clock clock = *rein_clock_system();
    conformance_subject subject = {.create = create,
                                   .context = &clock,
                                   .clock = &clock,
                                   .model_path = argument_count > 1 ? arguments[1] : "",
                                   .missing_path = "no/such/model",
                                   .is_deterministic = true,
                                   .fill_input = fill_input};
    size_t broken = 0;
    for (size_t rule = 0; rule < conformance_rule_count(); rule++) {
        conformance_finding finding = conformance_check_rule(&subject, rule);
        if (finding.outcome != CONFORMANCE_HELD) {
            char text[512];
            conformance_finding_to_string(&finding, text, sizeof text);
            puts(text);
        }
        broken += finding.outcome == CONFORMANCE_BROKEN;
    }
    printf("%zu rules, %zu broken\n", conformance_rule_count(), broken);
    return broken == 0 ? 0 : 1;
}
