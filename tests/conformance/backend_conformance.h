/* The rules of contract/backend.h as checks that any backend can be run through.
 *
 * The suite needs the contract and threads alone; backend_conformance_criterion.h puts it into
 * Criterion. It never stops at a broken rule: it answers which one, what was expected, and where in
 * the suite. Each rule gets backends of its own, which are destroyed before the answer. A rule that
 * a subject says it cannot show is waived, which is neither held nor broken. */
#ifndef REIN_TESTS_CONFORMANCE_BACKEND_CONFORMANCE_H
#define REIN_TESTS_CONFORMANCE_BACKEND_CONFORMANCE_H

#include "contract/api.h"
#include "contract/backend.h"

REIN_API_BEGIN

/* What is run through the suite. Fields may be NULL or false where it says so. */
typedef struct conformance_subject {
    /* A new backend without a model; the suite destroys it. */
    rein_result_backend (*create)(void *context);
    void *context;            /* passed to the functions here; may be NULL */
    const rein_clock *clock;  /* the one that the backends are given */
    const char *model_path;   /* names a model that a new backend can load and execute */
    const char *missing_path; /* names no model; NULL: the backend cannot tell */
    bool has_warmup;          /* false: the slot is the no-op */
    bool is_deterministic;    /* equal inputs give equal bytes, also from different instances */

    /* Writes data that the model can take into an input, the same for equal variants and, where the
     * model allows it, other data for other variants; NULL: zeros. */
    void (*fill_input)(void *context, uint32_t variant, const rein_tensor *input);

    /* Memory that the backend can use for tensors, such as page-locked host memory; the suite reads
     * and writes it. Both NULL: malloc and free. */
    void *(*allocate)(void *context, size_t bytes);
    void (*release)(void *context, void *memory);
} conformance_subject;

typedef enum conformance_outcome {
    CONFORMANCE_HELD = 1,
    CONFORMANCE_BROKEN = 2,
    CONFORMANCE_WAIVED = 3
} conformance_outcome;

/* What came of one rule. The texts have static storage. */
typedef struct conformance_finding {
    conformance_outcome outcome;
    const char *rule;           /* its name */
    const char *expectation;    /* broken: what was expected; waived: why; held: empty */
    rein_source_location where; /* broken: the place in the suite that expected it */
    rein_error error;           /* broken: the error that came instead; its code is 0 if none did */
} conformance_finding;

size_t conformance_rule_count(void);

/* The name of the rule at `rule`, which is below the count; static storage. */
const char *conformance_rule_name(size_t rule);

conformance_finding conformance_check_rule(const conformance_subject *subject, size_t rule);

/* How many rules came out how, and the first that is broken, if any. */
typedef struct conformance_report {
    size_t held;
    size_t broken;
    size_t waived;
    conformance_finding first_broken;
} conformance_report;

conformance_report conformance_check(const conformance_subject *subject);

/* Writes "rule: expected ... [function, file:line], but: error" for a finding that is broken, or
 * "rule: waived, reason", or "rule: held"; returns the length of the whole text, as snprintf does.
 */
size_t conformance_finding_to_string(const conformance_finding *finding, char *buffer,
                                     size_t capacity);

REIN_API_END

#endif
