/* A certificate: what a plan proves of lifetimes, with all that is needed to check it.
 *
 * docs/certificates.md has the format. Reading is strict: each certificate has one spelling. The
 * check rests on the library's independent checkers, never on the search. */
#ifndef REIN_CLI_CERTIFICATE_CERTIFICATE_H
#define REIN_CLI_CERTIFICATE_CERTIFICATE_H

#include "cli/fleet/planned_lifetimes.h"
#include "cli/write/output.h"

typedef enum claim_kind {
    CLAIM_FITS,   /* some placement is within `bytes` */
    CLAIM_CANNOT, /* none is */
    CLAIM_LEAST,  /* `bytes` is the least height */
    CLAIM_BETWEEN /* the least height is from `bound_bytes` to `bytes` */
} claim_kind;

typedef struct certificate {
    const char *path;
    claim_kind kind;
    uint64_t bytes;
    uint64_t bound_bytes; /* of Between */
    size_t tensor_count;
    const char **ids;  /* with `offsets`: of the tensors, in the order of the lifetimes */
    uint64_t *offsets; /* for any claim but Cannot */
    /* For any claim but Fits, one of: an instant, a refutation. */
    bool has_refutation;
    int64_t instant;
    rein_plan_log refutation;
} certificate;

/* Room for a refutation that a certificate may hold. */
rein_plan_log certificate_log(arena *memory);

/* The strongest claim that `planned`, which answers `request`, has a proof for. If only an
 * interval is known, its bound may be searched for once more, to put its refutation on record.
 * Reports a proof that is too long, or that does not pass its own check, and returns false. */
bool certificate_make(diagnostics *sink, const lifetimes_file *input, const plan_request *request,
                      const planned_lifetimes *planned, certificate *out_made);

/* Writes it whole or not at all; reports a failure, or that the limits stopped it, and returns
 * false. */
bool certificate_write(diagnostics *sink, const certificate *written, work_limits *limits,
                       const char *path);

/* Reports the first thing that is wrong, or that the limits, which may be NULL, stopped it, and
 * returns false. */
bool certificate_read(diagnostics *sink, const char *path, work_limits *limits,
                      certificate *out_read);

/* What it claims of the file at `lifetimes_path`, as a clause. */
const char *certificate_claim(arena *memory, const certificate *of, const char *lifetimes_path);

typedef enum certificate_outcome {
    CERTIFICATE_PROVES,
    CERTIFICATE_DOES_NOT_PROVE,
    CERTIFICATE_UNCHECKED /* the check was stopped, or needs more memory than it may have */
} certificate_outcome;

typedef struct certificate_finding {
    certificate_outcome outcome;
    const char *reason; /* NULL if it proves its claim */
} certificate_finding;

/* What it proves of `input`, as lifetimes_file_read reads it. If the file has offsets, and the
 * certificate claims that a placement exists, they must be one that is within the claim. `limits`
 * stop the check of a placement and the replay of a refutation. */
certificate_finding certificate_check(arena *memory, const certificate *checked,
                                      const lifetimes_file *input, const work_limits *limits);

#endif
