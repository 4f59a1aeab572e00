#include "cli/certificate/certificate.h"

enum { REFUTATION_WORDS_MAX = 4 * 1024 * 1024 };

rein_plan_log certificate_log(arena *memory) {
    return (rein_plan_log){
        .words = arena_allocate(memory, REFUTATION_WORDS_MAX, sizeof(uint32_t)),
        .capacity = REFUTATION_WORDS_MAX,
    };
}

/* Heights below the peak are refuted by the peak, without a search. */
static void claim_least_height(const planned_lifetimes *planned, certificate *made) {
    const rein_plan_outcome *outcome = &planned->outcome;
    bool is_least = outcome->answer == REIN_PLAN_FITS;
    made->kind = is_least ? CLAIM_LEAST : CLAIM_BETWEEN;
    made->bytes = outcome->height_bytes;
    made->bound_bytes = planned->peak.bytes;
    made->has_refutation = is_least && outcome->height_bytes > planned->peak.bytes;
}

static void claim_against(uint64_t capacity_bytes, const planned_lifetimes *planned,
                          certificate *made) {
    if (planned->outcome.answer == REIN_PLAN_UNKNOWN) {
        claim_least_height(planned, made);
        return;
    }
    bool fits = planned->outcome.answer == REIN_PLAN_FITS;
    made->kind = fits ? CLAIM_FITS : CLAIM_CANNOT;
    made->bytes = capacity_bytes;
    made->has_refutation = !fits && planned->peak.bytes <= capacity_bytes;
}

/* Checks the certificate without the offsets of the input, which are not part of the claim. */
static bool check_made(diagnostics *sink, const lifetimes_file *input, work_limits *limits,
                       const certificate *made) {
    lifetimes_file stripped = *input;
    stripped.offsets = NULL;
    certificate_finding finding = certificate_check(sink->memory, made, &stripped, limits);
    if (finding.outcome == CERTIFICATE_UNCHECKED) {
        work_may_go_on(limits);
        report_in_file(sink, input->path,
                       "option '--certificate': the check of the certificate was stopped (%s); "
                       "allow more time with --deadline",
                       finding.reason);
    } else if (finding.outcome == CERTIFICATE_DOES_NOT_PROVE) {
        report_defect(sink, input->path, "the certificate", finding.reason);
    }
    return finding.outcome == CERTIFICATE_PROVES;
}

/* If a search found the bound of an interval, refutes the height below it again, with the same
 * effort, to record the refutation. */
static bool record_bound(diagnostics *sink, const lifetimes_file *input,
                         const plan_request *request, const planned_lifetimes *planned,
                         certificate *made) {
    uint64_t bound = planned->outcome.lower_bound_bytes;
    if (made->kind != CLAIM_BETWEEN || bound <= planned->peak.bytes) {
        return true;
    }
    plan_request again = *request;
    planned_lifetimes refuted;
    again.capacity_bytes = rein_fact_u64_known(bound - 1);
    if (!lifetimes_plan(sink, input, &again, &refuted, NULL)) {
        return false;
    }
    if (refuted.outcome.answer == REIN_PLAN_CANNOT &&
        refuted.outcome.proof == REIN_PLAN_PROOF_REFUTATION) {
        made->has_refutation = true;
        made->bound_bytes = bound;
        made->refutation = *request->log;
    }
    return true;
}

/* Takes the refutation that the planner recorded. */
static bool take_refutation(diagnostics *sink, const lifetimes_file *input,
                            const plan_request *request, const planned_lifetimes *planned,
                            certificate *made) {
    if (planned->outcome.proof != REIN_PLAN_PROOF_REFUTATION) {
        report_in_file(sink, input->path,
                       "option '--certificate': the refutation was not recorded: it has more than "
                       "%d words, or no effort was left; raise --effort",
                       REFUTATION_WORDS_MAX);
        return false;
    }
    made->refutation = *request->log;
    return true;
}

bool certificate_make(diagnostics *sink, const lifetimes_file *input, const plan_request *request,
                      const planned_lifetimes *planned, certificate *out_made) {
    certificate made = {.tensor_count = input->count, .instant = planned->peak.instant};
    if (request->capacity_bytes.is_known) {
        claim_against(request->capacity_bytes.value, planned, &made);
    } else {
        claim_least_height(planned, &made);
    }
    if (made.kind != CLAIM_CANNOT) {
        made.ids = input->ids;
        made.offsets = planned->offsets;
    }
    if ((made.has_refutation && !take_refutation(sink, input, request, planned, &made)) ||
        !record_bound(sink, input, request, planned, &made) ||
        !check_made(sink, input, request->limits, &made)) {
        return false;
    }
    *out_made = made;
    return true;
}
