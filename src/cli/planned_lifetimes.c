#include "cli/planned_lifetimes.h"

#include "cli/workspace.h"

enum { DEFAULT_STEPS = 300000 };

plan_effort plan_effort_default(void) {
    return (plan_effort){.steps = DEFAULT_STEPS};
}

static bool refuse(diagnostics *sink, const char *file, const rein_error *error) {
    report_in_file(sink, file, "%s", error_text(sink->memory, error));
    return false;
}

/* A planner that is wrong must not be believed. */
static bool check_plan(diagnostics *sink, const lifetimes_file *input,
                       const planned_lifetimes *planned, rein_workspace workspace) {
    rein_placement_verdict verdict = REIN_UNWRAP(
        rein_result_placement_verdict,
        rein_placement_check(input->lifetimes, input->count, planned->offsets, workspace));
    if (verdict.fault != REIN_PLACEMENT_SOUND ||
        verdict.height_bytes != planned->outcome.height_bytes) {
        report_in_file(sink, input->path,
                       "the plan did not pass its check (fault %d): a defect of rein, please "
                       "report it with this file",
                       (int)verdict.fault);
        return false;
    }
    return true;
}

/* Whose search it is that reports. */
typedef struct watched_search {
    plan_progress *progress;
    const char *path;
} watched_search;

static void pass_progress_on(void *self, const rein_plan_progress *searched) {
    const watched_search *watched = self;
    plan_progress_report(watched->progress, watched->path, searched);
}

static rein_result_plan_outcome search(arena *memory, const lifetimes_file *input,
                                       const plan_request *request, rein_timestamp start,
                                       uint64_t *out_offsets) {
    rein_workspace workspace = workspace_make(memory, rein_plan_workspace_bytes(input->count));
    rein_plan_problem problem = {.lifetimes = input->lifetimes, .count = input->count};
    watched_search watched = {request->progress, input->path};
    rein_plan_options options = {.effort_steps = request->effort.steps,
                                 .seed = request->effort.seed,
                                 .cancel = request->cancel,
                                 .on_progress = request->progress == NULL ? NULL : pass_progress_on,
                                 .self = &watched};
    if (request->effort.has_deadline) {
        options.clock = rein_clock_system();
        options.deadline = rein_timestamp_add_saturating(start, request->effort.deadline);
    }
    return request->capacity_bytes.is_known
               ? rein_plan_decide(&problem, request->capacity_bytes.value, &options, workspace,
                                  out_offsets, request->log)
               : rein_plan_minimise(&problem, &options, workspace, out_offsets, request->log);
}

bool lifetimes_plan(diagnostics *sink, const lifetimes_file *input, const plan_request *request,
                    planned_lifetimes *out_planned) {
    rein_workspace workspace =
        workspace_make(sink->memory, rein_lifetime_workspace_bytes(input->count));
    planned_lifetimes planned = {
        .offsets = arena_allocate(sink->memory, input->count, sizeof *planned.offsets)};
    rein_timestamp start = rein_clock_now(rein_clock_system());
    rein_result_live_peak peak = rein_lifetimes_peak(input->lifetimes, input->count, workspace);
    if (rein_result_live_peak_is_error(peak)) {
        return refuse(sink, input->path, &REIN_ERROR(peak));
    }
    rein_result_plan_outcome found = search(sink->memory, input, request, start, planned.offsets);
    if (rein_result_plan_outcome_is_error(found)) {
        return refuse(sink, input->path, &REIN_ERROR(found));
    }
    planned.peak = REIN_VALUE(peak);
    planned.outcome = REIN_VALUE(found);
    if (!check_plan(sink, input, &planned, workspace)) {
        return false;
    }
    planned.took = rein_timestamp_since_saturating(rein_clock_now(rein_clock_system()), start);
    *out_planned = planned;
    return true;
}
