/* A certificate: a claim about lifetimes that a plan proves, with everything needed to check it.
 *
 * docs/certificates.md defines the format. Reading is strict: each certificate has only one
 * spelling. The check uses the library's independent checkers, not the search. */
#ifndef REIN_CLI_CERTIFICATE_CERTIFICATE_H
#define REIN_CLI_CERTIFICATE_CERTIFICATE_H

#include "cli/fleet/planned_lifetimes.h"
#include "cli/write/output.h"

typedef enum claim_kind {
    CLAIM_FITS,   /* a placement within `bytes` exists */
    CLAIM_CANNOT, /* none exists */
    CLAIM_LEAST,  /* `bytes` is the least height */
    CLAIM_BETWEEN /* the least height is from `bound_bytes` to `bytes` */
} claim_kind;

typedef struct certificate {
    const char *path;
    claim_kind kind;
    uint64_t bytes;
    uint64_t bound_bytes; /* CLAIM_BETWEEN only */
    size_t tensor_count;
    const char **ids;  /* if `offsets` is set: the tensors, in the order of the lifetimes */
    uint64_t *offsets; /* for all claims except CLAIM_CANNOT */
    /* For all claims except CLAIM_FITS: an instant or a refutation. */
    bool has_refutation;
    int64_t instant;
    rein_plan_log refutation;
} certificate;

/* Returns a log with room for the longest refutation that a certificate may contain. */
rein_plan_log certificate_log(arena *memory);

/* Makes the strongest claim that `planned`, the result of `request`, proves. If only an interval is
 * known, may search for its bound again to record the refutation. Reports a proof that is too long
 * or fails its check, and returns false. */
bool certificate_make(diagnostics *sink, const lifetimes_file *input, const plan_request *request,
                      const planned_lifetimes *planned, certificate *out_made);

/* Writes the certificate atomically. Reports a failure, or that the limits stopped it, and returns
 * false. */
bool certificate_write(diagnostics *sink, const certificate *written, work_limits *limits,
                       const char *path);

/* Reads a certificate. Reports the first error, or that the limits, which may be NULL, stopped it,
 * and returns false. */
bool certificate_read(diagnostics *sink, const char *path, work_limits *limits,
                      certificate *out_read);

/* Returns the claim about the file at `lifetimes_path`, as a clause. */
const char *certificate_claim(arena *memory, const certificate *of, const char *lifetimes_path);

typedef enum certificate_outcome {
    CERTIFICATE_PROVES,
    CERTIFICATE_DOES_NOT_PROVE,
    CERTIFICATE_UNCHECKED /* the check was stopped, or needs too much memory */
} certificate_outcome;

typedef struct certificate_finding {
    certificate_outcome outcome;
    const char *reason; /* NULL if it proves its claim */
} certificate_finding;

/* Checks the certificate against `input`, as read by lifetimes_file_read. If the file has offsets
 * and the certificate claims that a placement exists, the offsets must also be a placement within
 * the claim. `limits` stop the check of a placement and the replay of a refutation. */
certificate_finding certificate_check(arena *memory, const certificate *checked,
                                      const lifetimes_file *input, const work_limits *limits);

#endif
