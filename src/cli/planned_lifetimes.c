#include "cli/planned_lifetimes.h"

#include "contract/clock.h"

static bool refuse(diagnostics *sink, const char *file, const rein_error *error) {
    report_in_file(sink, file, "%s", error_text(sink->memory, error));
    return false;
}

static bool find_workspace(diagnostics *sink, const lifetimes_file *input,
                           rein_workspace *out_workspace) {
    rein_result_bytes bytes = rein_lifetime_workspace_bytes(input->count);
    if (rein_result_bytes_is_error(bytes)) {
        return refuse(sink, input->path, &REIN_ERROR(bytes));
    }
    out_workspace->size_bytes = REIN_VALUE(bytes);
    out_workspace->memory = arena_allocate(sink->memory, out_workspace->size_bytes, 1);
    return true;
}

/* A planner that is wrong must not be believed. */
static bool check_plan(diagnostics *sink, const lifetimes_file *input,
                       const planned_lifetimes *planned, rein_workspace workspace) {
    rein_result_placement_verdict checked =
        rein_placement_check(input->lifetimes, input->count, planned->offsets, workspace);
    if (rein_result_placement_verdict_is_error(checked)) {
        return refuse(sink, input->path, &REIN_ERROR(checked));
    }
    const rein_placement_verdict *verdict = &REIN_VALUE(checked);
    if (verdict->fault != REIN_PLACEMENT_SOUND ||
        verdict->height_bytes != planned->placement.height_bytes) {
        report_in_file(sink, input->path,
                       "the plan did not pass its check (fault %d): a defect of rein, please "
                       "report it with this file",
                       (int)verdict->fault);
        return false;
    }
    return true;
}

bool lifetimes_plan(diagnostics *sink, const lifetimes_file *input,
                    planned_lifetimes *out_planned) {
    rein_workspace workspace;
    if (!find_workspace(sink, input, &workspace)) {
        return false;
    }
    planned_lifetimes planned = {
        .offsets = arena_allocate(sink->memory, input->count, sizeof *planned.offsets)};
    rein_timestamp start = rein_clock_now(rein_clock_system());
    rein_result_live_peak peak = rein_lifetimes_peak(input->lifetimes, input->count, workspace);
    if (rein_result_live_peak_is_error(peak)) {
        return refuse(sink, input->path, &REIN_ERROR(peak));
    }
    rein_result_placement placement =
        rein_placement_plan(input->lifetimes, input->count, workspace, planned.offsets);
    if (rein_result_placement_is_error(placement)) {
        return refuse(sink, input->path, &REIN_ERROR(placement));
    }
    planned.peak = REIN_VALUE(peak);
    planned.placement = REIN_VALUE(placement);
    if (!check_plan(sink, input, &planned, workspace)) {
        return false;
    }
    planned.took = rein_timestamp_since_saturating(rein_clock_now(rein_clock_system()), start);
    *out_planned = planned;
    return true;
}
