/* The rules of contract/backend.h and of its optional parts as checks that any backend can be run
 * through.
 *
 * The suite needs the contract and threads alone; backend_conformance_criterion.h adapts it to
 * Criterion. A broken rule does not stop it: it reports the rule, the expectation and the place in
 * the suite. Each rule gets backends of its own, which are destroyed before it reports. A rule that
 * a subject cannot show is waived: neither held nor broken. If a subject cannot load its model, no
 * other rule is tried. A backend with wrong outputs breaks rules; the suite reads and frees its own
 * memory only. */
#ifndef REIN_TESTS_CONFORMANCE_BACKEND_CONFORMANCE_H
#define REIN_TESTS_CONFORMANCE_BACKEND_CONFORMANCE_H

#include "contract/api.h"
#include "contract/backend.h"

REIN_API_BEGIN

/* The sizes at which a model with dynamic inputs is run. A model with fixed inputs has one. */
typedef enum conformance_size {
    CONFORMANCE_SMALLEST = 0,
    CONFORMANCE_TYPICAL = 1,
    CONFORMANCE_LARGEST = 2
} conformance_size;

enum { CONFORMANCE_SIZE_COUNT = CONFORMANCE_LARGEST + 1 };

/* A backend to try. Members may be NULL, false or 0 if their comments say so. */
typedef struct conformance_subject {
    /* Returns a new backend without a model; the suite destroys it. */
    rein_result_backend (*create)(void *context);
    void *context;            /* passed to the functions here; may be NULL */
    const rein_clock *clock;  /* the clock that the backends were given */
    const char *model_path;   /* a model that a new backend can load and execute */
    const char *missing_path; /* does not exist; NULL: the backend cannot tell */
    const char *broken_path;  /* a file that is not a model; NULL: there is none */
    bool has_warmup;          /* false: the slot does nothing */
    bool is_deterministic;    /* equal inputs give equal bytes, also from different instances */
    uint64_t max_tokens;      /* of the sequences that the suite opens; 0: 4096 */

    /* Writes data that the model accepts into an input: the same for equal variants and, if the
     * model allows it, other data for other variants. NULL: zeros. */
    void (*fill_input)(void *context, uint32_t variant, const rein_tensor *input);

    /* Changes the shape that the suite has chosen for the input at `index`, within its spec. The
     * suite chooses the smallest extents, the largest, or the middle between them; an unbounded
     * extent counts as 16 above the smallest. Dimensions with the same symbol must keep the same
     * extent. NULL: the model accepts these. */
    void (*choose_shape)(void *context, conformance_size size, size_t index, rein_shape *shape);

    /* Memory for tensors that the backend accepts and the host can access, such as page-locked
     * memory. Both NULL: malloc and free. */
    void *(*allocate)(void *context, size_t bytes);
    void (*release)(void *context, void *memory);
    rein_memory_kind memory_kind; /* of that memory; 0: Host */
} conformance_subject;

typedef enum conformance_outcome {
    CONFORMANCE_HELD = 1,
    CONFORMANCE_BROKEN = 2,
    CONFORMANCE_WAIVED = 3
} conformance_outcome;

/* The outcome of one rule. The texts have static storage. */
typedef struct conformance_finding {
    conformance_outcome outcome;
    const char *rule;           /* its name */
    const char *expectation;    /* broken: what was expected; waived: why; held: empty */
    rein_source_location where; /* broken: the place in the suite that expected it */
    rein_error error;           /* broken: the error that came instead; its code is 0 if none did */
} conformance_finding;

/* Returns the number of rules. */
size_t conformance_rule_count(void);

/* Returns the name of the rule at `rule`, which is below the count; static storage. */
const char *conformance_rule_name(size_t rule);

/* Checks one rule, even if the subject cannot load its model. */
conformance_finding conformance_check_rule(const conformance_subject *subject, size_t rule);

/* The number of rules with each outcome, and the first that is broken, if any. */
typedef struct conformance_report {
    size_t held;
    size_t broken;
    size_t waived;
    size_t untried; /* all others if the model cannot be loaded */
    conformance_finding first_broken;
} conformance_report;

/* Checks the rules in their order. `visit` receives each finding; may be NULL. */
conformance_report
conformance_check(const conformance_subject *subject,
                  void (*visit)(void *context, const conformance_finding *finding), void *context);

/* Writes "rule: expected ... [function, file:line], but: error" for a finding that is broken, or
 * "rule: waived, reason", or "rule: held". Returns the length of the whole text, as snprintf does.
 */
size_t conformance_finding_to_string(const conformance_finding *finding, char *buffer,
                                     size_t capacity);

REIN_API_END

#endif
