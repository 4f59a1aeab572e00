#include <inttypes.h>
#include <string.h>

#include "cli/certificate.h"
#include "cli/numbers_text.h"
#include "cli/text.h"

/* A hostile log may ask for this much and no more. */
#define REPLAY_BYTES_MAX (UINT64_C(4) << 30)

const char *certificate_claim(arena *memory, const certificate *of, const char *lifetimes_path) {
    const char *file = text_printable(memory, lifetimes_path, strlen(lifetimes_path));
    switch (of->kind) {
    case CLAIM_FITS:
        return arena_print(memory, "%s fits in %" PRIu64 " B", file, of->bytes);
    case CLAIM_CANNOT:
        return arena_print(memory, "%s cannot fit in %" PRIu64 " B", file, of->bytes);
    case CLAIM_LEAST:
        return arena_print(memory, "the least height of %s is %" PRIu64 " B", file, of->bytes);
    case CLAIM_BETWEEN:
        break;
    }
    return arena_print(memory, "the least height of %s is from %" PRIu64 " B to %" PRIu64 " B",
                       file, of->bound_bytes, of->bytes);
}

static bool refuse(diagnostics *sink, const lifetimes_file *input, const rein_error *error) {
    report_in_file(sink, input->path, "%s", error_text(sink->memory, error));
    return false;
}

static const char *find_other_tensor(arena *memory, const certificate *checked,
                                     const lifetimes_file *input) {
    if (checked->tensor_count != input->count) {
        return arena_print(memory, "it is about %zu tensors, and there are %zu",
                           checked->tensor_count, input->count);
    }
    for (size_t index = 0; checked->ids != NULL && index < input->count; index++) {
        if (strcmp(checked->ids[index], input->ids[index]) != 0) {
            return arena_print(memory, "its tensor %zu is %s, and not %s", index + 1,
                               text_quote(memory, checked->ids[index]),
                               text_quote(memory, input->ids[index]));
        }
    }
    return NULL;
}

static const char *placement_fault(arena *memory, const certificate *checked,
                                   const lifetimes_file *input,
                                   const rein_placement_verdict *verdict) {
    const char *first = text_quote(memory, input->ids[verdict->first]);
    switch (verdict->fault) {
    case REIN_PLACEMENT_OVERLAP:
        return arena_print(memory, "tensors %s and %s share a byte at %" PRId64, first,
                           text_quote(memory, input->ids[verdict->second]), verdict->instant);
    case REIN_PLACEMENT_MISALIGNED:
        return arena_print(memory, "the offset of tensor %s breaks its alignment", first);
    case REIN_PLACEMENT_OVERFLOW:
        return arena_print(memory, "tensor %s ends above 2^64", first);
    case REIN_PLACEMENT_SOUND:
        break;
    }
    return verdict->height_bytes <= checked->bytes
               ? NULL
               : arena_print(memory, "its placement is %" PRIu64 " B high", verdict->height_bytes);
}

static bool check_placement(diagnostics *sink, const certificate *checked,
                            const lifetimes_file *input, const char **out_fault) {
    rein_result_bytes bytes = rein_lifetime_workspace_bytes(input->count);
    if (rein_result_bytes_is_error(bytes)) {
        return refuse(sink, input, &REIN_ERROR(bytes));
    }
    rein_workspace workspace = {.memory = arena_allocate(sink->memory, REIN_VALUE(bytes), 1),
                                .size_bytes = REIN_VALUE(bytes)};
    rein_result_placement_verdict verdict =
        rein_placement_check(input->lifetimes, input->count, checked->offsets, workspace);
    if (rein_result_placement_verdict_is_error(verdict)) {
        return refuse(sink, input, &REIN_ERROR(verdict));
    }
    *out_fault = placement_fault(sink->memory, checked, input, &REIN_VALUE(verdict));
    return true;
}

/* Whether more than `capacity_bytes` are alive at `instant`. */
static bool is_exceeded(const lifetimes_file *input, int64_t instant, uint64_t capacity_bytes) {
    uint64_t left = capacity_bytes;
    for (size_t index = 0; index < input->count; index++) {
        const rein_tensor_lifetime *lifetime = &input->lifetimes[index];
        if (lifetime->from > instant || lifetime->until <= instant) {
            continue;
        }
        if (lifetime->size_bytes > left) {
            return true;
        }
        left -= lifetime->size_bytes;
    }
    return false;
}

static certificate_finding not_proven(const char *reason) {
    return (certificate_finding){CERTIFICATE_DOES_NOT_PROVE, reason};
}

static certificate_finding not_checked(const char *reason) {
    return (certificate_finding){CERTIFICATE_UNCHECKED, reason};
}

static certificate_finding judge_replay(arena *memory,
                                        const rein_plan_refutation_verdict *verdict) {
    if (verdict->is_valid) {
        return (certificate_finding){CERTIFICATE_PROVES, NULL};
    }
    if (verdict->stop == REIN_PLAN_STOP_DONE) {
        return not_proven(
            arena_print(memory, "its refutation fails at word %zu", verdict->position));
    }
    return not_checked(arena_print(
        memory, "its refutation was replayed up to word %zu, until %s", verdict->position,
        verdict->stop == REIN_PLAN_STOP_DEADLINE ? "the deadline" : "it was stopped"));
}

static bool check_refutation(diagnostics *sink, const certificate *checked,
                             const lifetimes_file *input, uint64_t refuted_bytes,
                             const rein_plan_replay_options *limits,
                             certificate_finding *out_finding) {
    rein_plan_problem problem = {.lifetimes = input->lifetimes, .count = input->count};
    const rein_plan_log *log = &checked->refutation;
    rein_result_bytes bytes = rein_plan_refutation_workspace_bytes(input->count, log);
    if (rein_result_bytes_is_error(bytes)) {
        return refuse(sink, input, &REIN_ERROR(bytes));
    }
    if (REIN_VALUE(bytes) > REPLAY_BYTES_MAX) {
        *out_finding = not_checked(arena_print(
            sink->memory, "the replay of its refutation takes %s of memory, expected at most %s",
            rounded_bytes(sink->memory, REIN_VALUE(bytes)),
            rounded_bytes(sink->memory, REPLAY_BYTES_MAX)));
        return true;
    }
    rein_workspace workspace = {.memory = arena_allocate(sink->memory, REIN_VALUE(bytes), 1),
                                .size_bytes = REIN_VALUE(bytes)};
    rein_result_plan_refutation_verdict replayed =
        rein_plan_check_refutation(&problem, refuted_bytes, log, limits, workspace);
    if (rein_result_plan_refutation_verdict_is_error(replayed)) {
        return refuse(sink, input, &REIN_ERROR(replayed));
    }
    *out_finding = judge_replay(sink->memory, &REIN_VALUE(replayed));
    return true;
}

/* Nothing fits in less than no bytes: such a bound needs no proof. */
static bool check_bound(diagnostics *sink, const certificate *checked, const lifetimes_file *input,
                        const rein_plan_replay_options *limits, certificate_finding *out_finding) {
    uint64_t bound = checked->kind == CLAIM_BETWEEN ? checked->bound_bytes : checked->bytes;
    if (checked->kind != CLAIM_CANNOT && bound == 0) {
        return true;
    }
    uint64_t refuted = checked->kind == CLAIM_CANNOT ? bound : bound - 1;
    if (checked->has_refutation) {
        return check_refutation(sink, checked, input, refuted, limits, out_finding);
    }
    if (!is_exceeded(input, checked->instant, refuted)) {
        *out_finding =
            not_proven(arena_print(sink->memory, "no more than %" PRIu64 " B are alive at %" PRId64,
                                   refuted, checked->instant));
    }
    return true;
}

bool certificate_check(diagnostics *sink, const certificate *checked, const lifetimes_file *input,
                       const rein_plan_replay_options *limits, certificate_finding *out_finding) {
    certificate_finding finding = {CERTIFICATE_PROVES, NULL};
    const char *fault = find_other_tensor(sink->memory, checked, input);
    if (fault == NULL && checked->kind != CLAIM_CANNOT &&
        !check_placement(sink, checked, input, &fault)) {
        return false;
    }
    if (fault != NULL) {
        finding = not_proven(fault);
    } else if (checked->kind != CLAIM_FITS &&
               !check_bound(sink, checked, input, limits, &finding)) {
        return false;
    }
    *out_finding = finding;
    return true;
}
