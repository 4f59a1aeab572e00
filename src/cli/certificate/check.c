#include <inttypes.h>
#include <string.h>

#include "cli/base/numbers.h"
#include "cli/base/progress.h"
#include "cli/base/text.h"
#include "cli/certificate/certificate.h"

/* Upper limit, because a hostile log can require any amount. */
#define REPLAY_BYTES_MAX (UINT64_C(4) << 30)

const char *certificate_claim(arena *memory, const certificate *of, const char *lifetimes_path) {
    const char *file = text_printable(memory, lifetimes_path);
    if (of->kind == CLAIM_FITS || of->kind == CLAIM_CANNOT) {
        return arena_print(memory, "%s %s in %" PRIu64 " B", file,
                           of->kind == CLAIM_FITS ? "fits" : "cannot fit", of->bytes);
    }
    if (of->kind == CLAIM_LEAST) {
        return arena_print(memory, "the least height of %s is %" PRIu64 " B", file, of->bytes);
    }
    return arena_print(memory, "the least height of %s is from %" PRIu64 " B to %" PRIu64 " B",
                       file, of->bound_bytes, of->bytes);
}

static const char *find_other_tensor(arena *memory, const certificate *checked,
                                     const lifetimes_file *input) {
    if (checked->tensor_count != input->count) {
        return arena_print(memory, "it covers %zu tensors, and the file has %zu",
                           checked->tensor_count, input->count);
    }
    for (size_t index = 0; checked->ids != NULL && index < input->count; index++) {
        if (strcmp(checked->ids[index], input->ids[index]) != 0) {
            return arena_print(memory, "its tensor %zu is %s, and that of the file is %s",
                               index + 1, text_quote(memory, checked->ids[index]),
                               text_quote(memory, input->ids[index]));
        }
    }
    return NULL;
}

static certificate_finding proven(void) {
    return (certificate_finding){CERTIFICATE_PROVES, NULL};
}

static certificate_finding not_proven(const char *reason) {
    return (certificate_finding){CERTIFICATE_DOES_NOT_PROVE, reason};
}

static certificate_finding not_checked(const char *reason) {
    return (certificate_finding){CERTIFICATE_UNCHECKED, reason};
}

/* A placement to check, and the words that name it in findings. */
typedef struct claimed_placement {
    const char *by; /* prefix for faults of its tensors */
    const char *name;
    const uint64_t *offsets;
} claimed_placement;

static const char *placement_fault(arena *memory, const lifetimes_file *input,
                                   const rein_placement_verdict *verdict, const char *by) {
    const char *first = text_quote(memory, input->ids[verdict->first]);
    if (verdict->fault == REIN_PLACEMENT_OVERLAP) {
        return arena_print(memory, "%stensors %s and %s overlap at instant %" PRId64, by, first,
                           text_quote(memory, input->ids[verdict->second]), verdict->instant);
    }
    return verdict->fault == REIN_PLACEMENT_MISALIGNED
               ? arena_print(memory, "%sthe offset of tensor %s is not a multiple of its alignment",
                             by, first)
               : arena_print(memory, "%stensor %s ends above 2^64", by, first);
}

static certificate_finding check_placement(arena *memory, const certificate *checked,
                                           const lifetimes_file *input, const work_limits *limits,
                                           const claimed_placement *placement) {
    rein_workspace workspace = workspace_make(memory, rein_lifetime_workspace_bytes(input->count));
    rein_placement_verdict verdict =
        lifetimes_check_placement(input, placement->offsets, limits, workspace);
    if (verdict.fault == REIN_PLACEMENT_UNCHECKED) {
        return not_checked(arena_print(memory, "the check of %s was stopped", placement->name));
    }
    if (verdict.fault != REIN_PLACEMENT_SOUND) {
        return not_proven(placement_fault(memory, input, &verdict, placement->by));
    }
    return verdict.height_bytes <= checked->bytes
               ? proven()
               : not_proven(arena_print(memory, "%s is %" PRIu64 " B high", placement->name,
                                        verdict.height_bytes));
}

/* Checks the certificate's placement, then the file's offsets, if any. */
static certificate_finding check_placements(arena *memory, const certificate *checked,
                                            const lifetimes_file *input,
                                            const work_limits *limits) {
    const claimed_placement own = {"", "its placement", checked->offsets};
    const claimed_placement of_file = {"by the offsets of the file, ", "the placement of the file",
                                       input->offsets};
    certificate_finding found = check_placement(memory, checked, input, limits, &own);
    return found.outcome == CERTIFICATE_PROVES && input->offsets != NULL
               ? check_placement(memory, checked, input, limits, &of_file)
               : found;
}

/* Returns whether more than `capacity_bytes` are alive at `instant`. */
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

static certificate_finding judge_replay(arena *memory,
                                        const rein_plan_refutation_verdict *verdict) {
    if (verdict->is_valid) {
        return proven();
    }
    if (verdict->stop == REIN_PLAN_STOP_DONE) {
        return not_proven(
            arena_print(memory, "its refutation fails at word %zu", verdict->position));
    }
    return not_checked(arena_print(
        memory, "the replay of its refutation was stopped at word %zu%s", verdict->position,
        verdict->stop == REIN_PLAN_STOP_DEADLINE ? " by the deadline" : ""));
}

/* The progress of a replay. */
typedef struct shown_replay {
    const char *path;
    size_t word;
    size_t length;
} shown_replay;

static const char *replay_text(arena *memory, const void *self) {
    const shown_replay *state = self;
    return arena_print(memory, "%s: refutation replayed up to word %zu of %zu",
                       text_printable(memory, state->path), state->word, state->length);
}

static void show_replay(void *self, size_t word) {
    shown_replay *state = self;
    state->word = word;
    progress_report(replay_text, state);
}

static certificate_finding check_refutation(arena *memory, const certificate *checked,
                                            const lifetimes_file *input, uint64_t refuted_bytes,
                                            const work_limits *limits) {
    rein_plan_problem problem = {.lifetimes = input->lifetimes, .count = input->count};
    const rein_plan_log *log = &checked->refutation;
    rein_result_bytes needed = rein_plan_refutation_workspace_bytes(input->count, log);
    uint64_t bytes = REIN_UNWRAP(needed);
    if (bytes > REPLAY_BYTES_MAX) {
        return not_checked(arena_print(
            memory, "the replay of its refutation needs %s of memory; at most %s is allowed",
            rounded_bytes(memory, bytes), rounded_bytes(memory, REPLAY_BYTES_MAX)));
    }
    shown_replay state = {.path = input->path, .length = log->length};
    rein_plan_replay_options watched = work_replay_options(limits);
    watched.on_progress = show_replay;
    watched.self = &state;
    rein_plan_refutation_verdict replayed = REIN_UNWRAP(rein_plan_check_refutation(
        &problem, refuted_bytes, log, &watched, workspace_make(memory, needed)));
    return judge_replay(memory, &replayed);
}

/* A bound of 0 needs no proof. */
static certificate_finding check_bound(arena *memory, const certificate *checked,
                                       const lifetimes_file *input, const work_limits *limits) {
    uint64_t bound = checked->kind == CLAIM_BETWEEN ? checked->bound_bytes : checked->bytes;
    if (checked->kind != CLAIM_CANNOT && bound == 0) {
        return proven();
    }
    uint64_t refuted = checked->kind == CLAIM_CANNOT ? bound : bound - 1;
    if (checked->has_refutation) {
        return check_refutation(memory, checked, input, refuted, limits);
    }
    return is_exceeded(input, checked->instant, refuted)
               ? proven()
               : not_proven(arena_print(memory,
                                        "at most %" PRIu64 " B are alive at instant %" PRId64,
                                        refuted, checked->instant));
}

certificate_finding certificate_check(arena *memory, const certificate *checked,
                                      const lifetimes_file *input, const work_limits *limits) {
    const char *other = find_other_tensor(memory, checked, input);
    if (other != NULL) {
        return not_proven(other);
    }
    certificate_finding found =
        checked->kind == CLAIM_CANNOT ? proven() : check_placements(memory, checked, input, limits);
    return found.outcome != CERTIFICATE_PROVES || checked->kind == CLAIM_FITS
               ? found
               : check_bound(memory, checked, input, limits);
}
