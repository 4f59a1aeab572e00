/* The example backend through the conformance suite, whose executions come from several threads, on
 * the system's clock. A plain main, for ThreadSanitizer. */
#include <stdio.h>

#include "conformance/backend_conformance.h"
#include "dense_backend.h"
#include "parity_patterns.h"

static rein_result_backend create_backend(void *context) {
    (void)context;
    return dense_backend_create(rein_clock_system());
}

int main(void) {
    conformance_subject subject = {
        .create = create_backend,
        .clock = rein_clock_system(),
        .model_path = EXAMPLE_MODEL_PATH,
        .missing_path = EXAMPLE_MODEL_PATH ".missing",
        .is_deterministic = true,
        .fill_input = fill_patterns,
    };
    conformance_report report = conformance_check(&subject, NULL, NULL);
    printf("%zu rules held, %zu broken, %zu waived\n", report.held, report.broken, report.waived);
    if (report.broken > 0) {
        char text[1024];
        conformance_finding_to_string(&report.first_broken, text, sizeof text);
        puts(text);
    }
    return report.broken == 0 && report.held > 30 ? 0 : 1;
}
