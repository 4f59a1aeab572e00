#include "conformance/backend_conformance_criterion.h"

#include <criterion/criterion.h>

static void report(void *context, const conformance_finding *finding) {
    (void)context;
    char text[1024];
    conformance_finding_to_string(finding, text, sizeof text);
    cr_expect(finding->outcome != CONFORMANCE_BROKEN, "%s", text);
}

void expect_backend_conforms(const conformance_subject *subject, size_t waived_count) {
    conformance_report all = conformance_check(subject, report, NULL);
    cr_assert(all.waived == waived_count, "%zu rules are waived, expected %zu", all.waived,
              waived_count);
}
