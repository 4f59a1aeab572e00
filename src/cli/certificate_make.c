#include "cli/certificate.h"

enum { REFUTATION_WORDS_MAX = 4 * 1024 * 1024 };

rein_plan_log certificate_log(arena *memory) {
    return (rein_plan_log){
        .words = arena_allocate(memory, REFUTATION_WORDS_MAX, sizeof(uint32_t)),
        .capacity = REFUTATION_WORDS_MAX,
    };
}

/* What is below the peak needs no search to be refuted; what the search refuted is otherwise only
 * its word. */
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

static bool check_made(diagnostics *sink, const lifetimes_file *input, const certificate *made) {
    const char *fault = NULL;
    if (!certificate_check(sink, made, input, &fault)) {
        return false;
    }
    if (fault != NULL) {
        report_in_file(sink, input->path,
                       "the certificate did not pass its check (%s): a defect of rein, please "
                       "report it with this file",
                       fault);
    }
    return fault == NULL;
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
    if (made.has_refutation) {
        if (planned->outcome.proof != REIN_PLAN_PROOF_REFUTATION) {
            report(sink,
                   "option '--certificate': the refutation was not recorded, expected at most %d "
                   "words and steps that are left to record it (--effort)",
                   REFUTATION_WORDS_MAX);
            return false;
        }
        made.refutation = *request->log;
    }
    if (!check_made(sink, input, &made)) {
        return false;
    }
    *out_made = made;
    return true;
}
