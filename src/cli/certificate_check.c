#include <inttypes.h>
#include <string.h>

#include "cli/certificate.h"
#include "cli/text.h"

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

static bool check_refutation(diagnostics *sink, const certificate *checked,
                             const lifetimes_file *input, uint64_t refuted_bytes,
                             const char **out_fault) {
    rein_plan_problem problem = {.lifetimes = input->lifetimes, .count = input->count};
    const rein_plan_log *log = &checked->refutation;
    rein_result_bytes bytes = rein_plan_refutation_workspace_bytes(input->count, log);
    if (rein_result_bytes_is_error(bytes)) {
        return refuse(sink, input, &REIN_ERROR(bytes));
    }
    rein_workspace workspace = {.memory = arena_allocate(sink->memory, REIN_VALUE(bytes), 1),
                                .size_bytes = REIN_VALUE(bytes)};
    rein_result_plan_refutation_verdict replayed =
        rein_plan_check_refutation(&problem, refuted_bytes, log, NULL, workspace);
    if (rein_result_plan_refutation_verdict_is_error(replayed)) {
        return refuse(sink, input, &REIN_ERROR(replayed));
    }
    const rein_plan_refutation_verdict *verdict = &REIN_VALUE(replayed);
    *out_fault = verdict->is_valid ? NULL
                                   : arena_print(sink->memory, "its refutation fails at word %zu",
                                                 verdict->position);
    return true;
}

/* Nothing fits in less than no bytes: such a bound needs no proof. */
static bool check_bound(diagnostics *sink, const certificate *checked, const lifetimes_file *input,
                        const char **out_fault) {
    uint64_t bound = checked->kind == CLAIM_BETWEEN ? checked->bound_bytes : checked->bytes;
    if (checked->kind != CLAIM_CANNOT && bound == 0) {
        return true;
    }
    uint64_t refuted = checked->kind == CLAIM_CANNOT ? bound : bound - 1;
    if (checked->has_refutation) {
        return check_refutation(sink, checked, input, refuted, out_fault);
    }
    if (!is_exceeded(input, checked->instant, refuted)) {
        *out_fault = arena_print(sink->memory, "no more than %" PRIu64 " B are alive at %" PRId64,
                                 refuted, checked->instant);
    }
    return true;
}

bool certificate_check(diagnostics *sink, const certificate *checked, const lifetimes_file *input,
                       const char **out_fault) {
    const char *fault = find_other_tensor(sink->memory, checked, input);
    if (fault == NULL && checked->kind != CLAIM_CANNOT &&
        !check_placement(sink, checked, input, &fault)) {
        return false;
    }
    if (fault == NULL && checked->kind != CLAIM_FITS &&
        !check_bound(sink, checked, input, &fault)) {
        return false;
    }
    *out_fault = fault;
    return true;
}
