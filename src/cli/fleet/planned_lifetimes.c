#include "cli/fleet/planned_lifetimes.h"

#include <inttypes.h>

#include "cli/base/numbers.h"
#include "cli/base/text.h"

enum { DEFAULT_STEPS = 300000 };

plan_effort plan_effort_default(void) {
    return (plan_effort){.steps = DEFAULT_STEPS};
}

rein_workspace workspace_make(arena *memory, rein_result_bytes needed) {
    uint64_t bytes = REIN_UNWRAP(needed);
    return (rein_workspace){.memory = arena_allocate(memory, bytes, 1), .size_bytes = bytes};
}

rein_placement_verdict lifetimes_check_placement(const lifetimes_file *input,
                                                 const uint64_t *offsets, const work_limits *limits,
                                                 rein_workspace workspace) {
    const rein_placement_check_options options = work_check_options(limits, input->count);
    return REIN_UNWRAP(
        rein_placement_check_until(input->lifetimes, input->count, offsets, &options, workspace));
}

static bool refuse(diagnostics *sink, const char *file, const rein_error *error) {
    report_in_file(sink, file, "%s", error_text(sink->memory, error));
    return false;
}

static uint64_t live_at(const lifetimes_file *input, int64_t instant) {
    uint64_t live_bytes = 0;
    for (size_t index = 0; index < input->count; index++) {
        const rein_tensor_lifetime *lifetime = &input->lifetimes[index];
        bool is_alive = lifetime->from <= instant && instant < lifetime->until;
        live_bytes += is_alive ? lifetime->size_bytes : 0;
    }
    return live_bytes;
}

/* Returns the text for a tensor whose offset is kept. */
static const char *kept_tensor(arena *memory, const lifetimes_file *input, size_t row) {
    return arena_print(memory, "%s at %" PRIu64, text_quote(memory, input->ids[row]),
                       input->offsets[row]);
}

/* Reports that no placement exists, which only kept offsets can cause. */
static exit_code report_kept(diagnostics *sink, const lifetimes_file *input,
                             const rein_plan_outcome *outcome) {
    arena *memory = sink->memory;
    report_in_file(sink, input->path,
                   "the stated offsets overlap: %s and %s, at instant %" PRId64
                   "; leave out --keep-offsets to plan anew",
                   kept_tensor(memory, input, outcome->first_row),
                   kept_tensor(memory, input, outcome->second_row), outcome->instant);
    return EXIT_CODE_DOES_NOT_FIT;
}

/* Returns the bytes that are alive at once, and the capacity if they exceed it. */
static const char *known_text(arena *memory, const rein_live_peak *peak, rein_fact_u64 capacity) {
    bool is_above = capacity.is_known && peak->bytes > capacity.value;
    const uint64_t sizes[] = {peak->bytes, is_above ? capacity.value : 0,
                              is_above ? peak->bytes - capacity.value : 0};
    size_t unit = rounding_unit(sizes, sizeof sizes / sizeof sizes[0]);
    return arena_print(memory, "at least %s are alive at instant %" PRId64 "%s%s",
                       rounded_in_unit(memory, peak->bytes, unit), peak->instant,
                       is_above ? ", more than the capacity of " : "",
                       is_above ? rounded_in_unit(memory, capacity.value, unit) : "");
}

/* Reports that there is no checked plan. The lower bound may still answer the question. */
static exit_code report_no_plan(diagnostics *sink, const lifetimes_file *input,
                                const plan_request *request, const planned_lifetimes *planned) {
    arena *memory = sink->memory;
    const rein_plan_outcome *outcome = &planned->outcome;
    rein_fact_u64 capacity = request->capacity_bytes;
    bool is_refuted = capacity.is_known && outcome->lower_bound_bytes > capacity.value;
    const char *known = known_text(memory, &planned->peak, capacity);
    if (outcome->stop == REIN_PLAN_STOP_CANCEL) {
        request->limits->is_stopped = true;
        work_report_stop(sink, request->limits, input->path, NULL,
                         arena_print(memory, "planning %zu tensors (%s)", input->count, known));
    } else if (outcome->stop == REIN_PLAN_STOP_DEADLINE) {
        request->limits->is_stopped = true;
        report_in_file(sink, input->path,
                       "no plan of %zu tensors was found in time to check it before the deadline "
                       "of %s (%s); allow more time with --deadline",
                       input->count, request->limits->time_text, known);
    } else {
        report_in_file(sink, input->path, "no plan within 2^63 bytes was found: %s", known);
    }
    return is_refuted || outcome->answer == REIN_PLAN_CANNOT ? EXIT_CODE_DOES_NOT_FIT
                                                             : EXIT_CODE_CANNOT_TELL;
}

/* Checks the plan: the planner may have a defect. Also returns false if the check was stopped. */
static bool check_plan(diagnostics *sink, const lifetimes_file *input, const plan_request *request,
                       const planned_lifetimes *planned, rein_workspace workspace,
                       exit_code *out_code) {
    const rein_plan_outcome *outcome = &planned->outcome;
    rein_placement_verdict verdict =
        lifetimes_check_placement(input, planned->offsets, request->limits, workspace);
    if (verdict.fault == REIN_PLACEMENT_UNCHECKED) {
        planned_lifetimes unchecked = *planned;
        unchecked.outcome.answer = REIN_PLAN_UNKNOWN;
        unchecked.outcome.stop = REIN_PLAN_STOP_DEADLINE;
        *out_code = report_no_plan(sink, input, request, &unchecked);
        return false;
    }
    bool has_peak =
        outcome->proof != REIN_PLAN_PROOF_PEAK || planned->peak.bytes == outcome->lower_bound_bytes;
    if (verdict.fault != REIN_PLACEMENT_SOUND || verdict.height_bytes != outcome->height_bytes ||
        !has_peak) {
        report_defect(sink, input->path, "the plan",
                      arena_print(sink->memory, "fault %d", (int)verdict.fault));
        return false;
    }
    return true;
}

/* The search whose progress is reported. */
typedef struct watched_search {
    plan_progress *progress;
    const char *path;
} watched_search;

static void pass_progress_on(void *self, const rein_plan_progress *searched) {
    const watched_search *watched = self;
    plan_progress_report(watched->progress, watched->path, searched);
}

/* Returns when the search must end: before the deadline by the time that the check and the outputs
 * take, but by at most half of the remaining time. The check takes up to four times as long as
 * reading the rows took, each output as long. */
static rein_timestamp end_of_search(const lifetimes_file *input, const plan_request *request) {
    enum { CHECKS = 4 };
    const work_limits *limits = request->limits;
    if (limits->clock == NULL) {
        return rein_timestamp_never();
    }
    rein_duration left =
        rein_timestamp_since_saturating(limits->deadline, rein_clock_now(limits->clock));
    int64_t rest_ns = (CHECKS + (int64_t)request->output_count) * input->read_took.ns;
    rest_ns = rest_ns < left.ns / 2 ? rest_ns : left.ns / 2;
    return rein_timestamp_add_saturating(limits->deadline, rein_duration_from_ns(-rest_ns));
}

static rein_result_plan_outcome search(const lifetimes_file *input, const plan_request *request,
                                       rein_workspace workspace, uint64_t *out_offsets) {
    rein_plan_problem problem = {.lifetimes = input->lifetimes,
                                 .count = input->count,
                                 .fixed_offsets = request->keeps_offsets ? input->offsets : NULL};
    watched_search watched = {request->progress, input->path};
    rein_plan_options options = {.effort_steps = request->effort.steps,
                                 .seed = request->effort.seed,
                                 .on_progress = request->progress == NULL ? NULL : pass_progress_on,
                                 .self = &watched};
    if (request->limits != NULL) {
        options.cancel = request->limits->cancel;
        options.clock = request->limits->clock;
        options.deadline = end_of_search(input, request);
    }
    return request->capacity_bytes.is_known
               ? rein_plan_decide(&problem, request->capacity_bytes.value, &options, workspace,
                                  out_offsets, request->log)
               : rein_plan_minimise(&problem, &options, workspace, out_offsets, request->log);
}

bool lifetimes_plan(diagnostics *sink, const lifetimes_file *input, const plan_request *request,
                    planned_lifetimes *out_planned, exit_code *out_code) {
    /* Large enough for the check, too. */
    rein_workspace workspace =
        workspace_make(sink->memory, rein_plan_workspace_bytes(input->count));
    planned_lifetimes planned = {
        .offsets = arena_allocate(sink->memory, input->count, sizeof *planned.offsets)};
    exit_code unused = EXIT_CODE_BAD_INPUT;
    exit_code *code = out_code == NULL ? &unused : out_code;
    *code = EXIT_CODE_BAD_INPUT;
    if (request->keeps_offsets && !lifetimes_file_can_keep(sink, input)) {
        return false;
    }
    rein_timestamp start = rein_clock_now(rein_clock_system());
    rein_result_plan_outcome found = search(input, request, workspace, planned.offsets);
    if (rein_result_plan_outcome_is_error(found)) {
        return refuse(sink, input->path, &REIN_ERROR(found));
    }
    planned.outcome = REIN_VALUE(found);
    planned.peak =
        (rein_live_peak){live_at(input, planned.outcome.instant), planned.outcome.instant};
    if (planned.outcome.height_bytes == UINT64_MAX) {
        *code = planned.outcome.proof == REIN_PLAN_PROOF_FIXED
                    ? report_kept(sink, input, &planned.outcome)
                    : report_no_plan(sink, input, request, &planned);
        return false;
    }
    if (!check_plan(sink, input, request, &planned, workspace, code)) {
        return false;
    }
    planned.took = rein_timestamp_since_saturating(rein_clock_now(rein_clock_system()), start);
    *out_planned = planned;
    return true;
}
