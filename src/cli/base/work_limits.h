/* Limits that stop work early: the deadline and interrupts. */
#ifndef REIN_CLI_BASE_WORK_LIMITS_H
#define REIN_CLI_BASE_WORK_LIMITS_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"
#include "cli/base/exit_code.h"
#include "contract/clock.h"
#include "plan/plan.h"

/* Zero-initialised: never stops. One thread uses it at a time; a copy is for another. */
typedef struct work_limits {
    const rein_clock *clock; /* NULL: no deadline */
    rein_timestamp deadline; /* of that clock */
    const char *time_text;   /* how long was allowed, as the user wrote it */
    const bool *cancel;      /* NULL, or set to true by any thread, by an atomic store, to stop */
    bool is_stopped;         /* once and for all */
} work_limits;

/* Reads the value of --deadline, which may be NULL: none. The deadline counts from now. Reports a
 * value that cannot be read and returns false. */
bool work_limits_read_deadline(diagnostics *sink, const char *text, work_limits *limits);

/* How much is done between two looks at the limits: well under 0.1 s of work. Less than that is
 * never stopped, so that a small input always has an answer. */
enum { WORK_ROWS_PER_LOOK = 16384, WORK_BYTES_PER_LOOK = 1 << 20 };

/* Returns true if the deadline has not passed and no stop was asked for, or if `limits` is NULL. */
bool work_may_go_on(work_limits *limits);

/* The same, looked at before every WORK_ROWS_PER_LOOK rows but the first. */
bool work_may_do_row(work_limits *limits, size_t row);

/* The same for a row of an output; `limits` must not be NULL. An interrupt does not stop it: what
 * is known is still told. */
bool work_may_write_row(work_limits *limits, size_t row);

/* Whether one of those has said no. */
static inline bool work_is_stopped(const work_limits *limits) {
    return limits != NULL && limits->is_stopped;
}

/* For the check of a placement of `count` tensors. An interrupt does not stop it: what is known
 * then is still told. */
rein_placement_check_options work_check_options(const work_limits *limits, size_t count);

/* For the replay of a refutation; `limits` must not be NULL. */
rein_plan_replay_options work_replay_options(const work_limits *limits);

/* The exit code of work that came to nothing: it was stopped, or its input or output is bad. */
exit_code work_failure_code(const work_limits *limits);

/* Says that the work on `file` was stopped while it was `doing`, such as "reading". `at` is the
 * place it had come to, or NULL. */
void work_report_stop(diagnostics *sink, const work_limits *limits, const char *file,
                      const position *at, const char *doing);

#endif
