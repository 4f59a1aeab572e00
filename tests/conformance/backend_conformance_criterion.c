#include "conformance/backend_conformance_criterion.h"

#include <criterion/criterion.h>

void expect_backend_conforms(const conformance_subject *subject, size_t waived_count) {
    size_t waived = 0;
    for (size_t rule = 0; rule < conformance_rule_count(); rule++) {
        conformance_finding finding = conformance_check_rule(subject, rule);
        char text[1024];
        conformance_finding_to_string(&finding, text, sizeof text);
        cr_expect(finding.outcome != CONFORMANCE_BROKEN, "%s", text);
        waived += finding.outcome == CONFORMANCE_WAIVED ? 1 : 0;
    }
    cr_assert(waived == waived_count, "%zu rules are waived, expected %zu", waived, waived_count);
}
