/* The conformance suite as Criterion expectations. */
#ifndef REIN_TESTS_CONFORMANCE_BACKEND_CONFORMANCE_CRITERION_H
#define REIN_TESTS_CONFORMANCE_BACKEND_CONFORMANCE_CRITERION_H

#include "conformance/backend_conformance.h"

/* Fails the running test for every rule that is broken, with what was expected and where, and where
 * not exactly `waived_count` rules are waived: so that none is waived unseen. */
void expect_backend_conforms(const conformance_subject *subject, size_t waived_count);

#endif
