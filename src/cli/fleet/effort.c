#include "cli/fleet/effort.h"

#include "cli/base/numbers.h"
#include "cli/base/parallel.h"
#include "cli/base/text.h"

static bool refuse_error(diagnostics *sink, const char *option, const rein_error *error) {
    report(sink, "option '--%s': %s", option, error_text(sink->memory, error));
    return false;
}

static bool read_number(diagnostics *sink, const char *option, const char *text,
                        uint64_t *out_number) {
    if (text == NULL || parse_unsigned(text, UINT64_MAX, out_number)) {
        return true;
    }
    report(sink, "option '--%s': %s, expected a whole number from 0 to 2^64 - 1", option,
           text_quote(sink->memory, text));
    return false;
}

bool read_capacity(diagnostics *sink, const char *text, rein_fact_u64 *out_capacity) {
    if (text == NULL) {
        return true;
    }
    rein_result_bytes parsed = rein_bytes_parse(text);
    if (rein_result_bytes_is_error(parsed)) {
        return refuse_error(sink, "capacity", &REIN_ERROR(parsed));
    }
    *out_capacity = rein_fact_u64_known(REIN_VALUE(parsed));
    return true;
}

bool read_effort(diagnostics *sink, const char *text, plan_effort *out_effort) {
    return read_number(sink, "effort", text, &out_effort->steps);
}

bool read_seed(diagnostics *sink, const char *text, plan_effort *out_effort) {
    return read_number(sink, "seed", text, &out_effort->seed);
}

bool read_deadline(diagnostics *sink, const char *text, work_limits *out_limits) {
    if (text == NULL) {
        return true;
    }
    rein_result_duration parsed = rein_duration_parse(text);
    if (rein_result_duration_is_error(parsed)) {
        return refuse_error(sink, "deadline", &REIN_ERROR(parsed));
    }
    out_limits->clock = rein_clock_system();
    out_limits->deadline =
        rein_timestamp_add_saturating(rein_clock_now(out_limits->clock), REIN_VALUE(parsed));
    out_limits->time_text = text;
    return true;
}

bool read_jobs(diagnostics *sink, const char *text, size_t *out_jobs) {
    uint64_t jobs = *out_jobs;
    if (text != NULL && (!parse_unsigned(text, PARALLEL_THREADS_MAX, &jobs) || jobs == 0)) {
        report(sink, "option '--jobs': %s, expected a whole number from 1 to %d",
               text_quote(sink->memory, text), PARALLEL_THREADS_MAX);
        return false;
    }
    *out_jobs = jobs;
    return true;
}
