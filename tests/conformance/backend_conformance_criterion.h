/* The conformance suite as Criterion expectations. */
#ifndef REIN_TESTS_CONFORMANCE_BACKEND_CONFORMANCE_CRITERION_H
#define REIN_TESTS_CONFORMANCE_BACKEND_CONFORMANCE_CRITERION_H

#include "conformance/backend_conformance.h"

/* Fails the running test for every rule that is broken, and if the number of waived rules is not
 * `waived_count`: a rule must not be waived unnoticed. */
void expect_backend_conforms(const conformance_subject *subject, size_t waived_count);

#endif
