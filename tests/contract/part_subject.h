/* The mock as a subject of the conformance suite, with tables of its parts that a test may tamper
 * with. */
#ifndef REIN_TESTS_CONTRACT_PART_SUBJECT_H
#define REIN_TESTS_CONTRACT_PART_SUBJECT_H

#include "contract/buffers.h"
#include "contract/sequences.h"
#include "contract/submission.h"
#include "mock_subject.h"

static rein_sequences_interface sequences;
static rein_submission_interface submission;
static rein_buffers_interface buffers;

static inline const rein_sequences_interface *mock_sequences(void) {
    return mock_backend_interface()->sequences;
}

static inline const rein_submission_interface *mock_submission(void) {
    return mock_backend_interface()->submission;
}

static inline const rein_buffers_interface *mock_buffers(void) {
    return mock_backend_interface()->buffers;
}

/* Puts copies of the mock's parts into the table. */
static inline void set_up_parts(void) {
    set_up();
    sequences = *mock_sequences();
    submission = *mock_submission();
    buffers = *mock_buffers();
    table.sequences = &sequences;
    table.submission = &submission;
    table.buffers = &buffers;
}

static inline void expect_broken_by_a_part(const char *rule) {
    expect_broken(rule);
    set_up_parts();
}

#endif
