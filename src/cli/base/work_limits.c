#include "cli/base/work_limits.h"

#include "cli/base/option.h"

bool work_limits_read_deadline(diagnostics *sink, const char *text, work_limits *limits) {
    rein_duration allowed = rein_duration_from_ns(0);
    if (text == NULL) {
        return true;
    }
    if (!option_duration(sink, "deadline", text, &allowed)) {
        return false;
    }
    limits->clock = rein_clock_system();
    limits->deadline = rein_timestamp_add_saturating(rein_clock_now(limits->clock), allowed);
    limits->time_text = text;
    return true;
}

static bool is_late(const work_limits *limits) {
    return limits->clock != NULL &&
           rein_timestamp_compare(rein_clock_now(limits->clock), limits->deadline) >= 0;
}

static bool is_cancelled(const work_limits *limits) {
    return limits->cancel != NULL && __atomic_load_n(limits->cancel, __ATOMIC_RELAXED);
}

bool work_may_go_on(work_limits *limits) {
    if (limits == NULL) {
        return true;
    }
    limits->is_stopped = limits->is_stopped || is_cancelled(limits) || is_late(limits);
    return !limits->is_stopped;
}

bool work_may_do_row(work_limits *limits, size_t row) {
    return row % WORK_ROWS_PER_LOOK != 0 || row == 0 || work_may_go_on(limits);
}

bool work_may_write_row(work_limits *limits, size_t row) {
    if (row % WORK_ROWS_PER_LOOK != 0 || row == 0) {
        return true;
    }
    limits->is_stopped = limits->is_stopped || is_late(limits);
    return !limits->is_stopped;
}

rein_placement_check_options work_check_options(const work_limits *limits, size_t count) {
    if (limits == NULL || count <= WORK_ROWS_PER_LOOK) {
        return (rein_placement_check_options){.clock = NULL};
    }
    return (rein_placement_check_options){.clock = limits->clock, .deadline = limits->deadline};
}

rein_plan_replay_options work_replay_options(const work_limits *limits) {
    return (rein_plan_replay_options){
        .clock = limits->clock, .deadline = limits->deadline, .cancel = limits->cancel};
}

exit_code work_failure_code(const work_limits *limits) {
    return work_is_stopped(limits) ? EXIT_CODE_CANNOT_TELL : EXIT_CODE_BAD_INPUT;
}

const char *work_stop_advice(bool is_interrupted) {
    return is_interrupted ? "" : "; allow more time with --deadline";
}

void work_report_stop(diagnostics *sink, const work_limits *limits, const char *file,
                      const position *at, const char *doing) {
    const char *why = is_cancelled(limits) ? "interrupted"
                                           : arena_print(sink->memory, "the deadline of %s passed",
                                                         limits->time_text);
    const char *advice = work_stop_advice(is_cancelled(limits));
    if (at == NULL) {
        report_in_file(sink, file, "%s while %s%s", why, doing, advice);
        return;
    }
    report_at(sink, file, *at, "%s while %s%s", why, doing, advice);
}
