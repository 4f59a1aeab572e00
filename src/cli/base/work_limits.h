/* Limits that stop work early: the deadline and interrupts. */
#ifndef REIN_CLI_BASE_WORK_LIMITS_H
#define REIN_CLI_BASE_WORK_LIMITS_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"
#include "cli/base/exit_code.h"
#include "contract/clock.h"
#include "plan/plan.h"

/* Zero-initialised: no limit. Used by one thread at a time; each other thread needs a copy. */
typedef struct work_limits {
    const rein_clock *clock; /* NULL: no deadline */
    rein_timestamp deadline; /* of that clock */
    const char *time_text;   /* the allowed time, as the user wrote it */
    /* NULL, or a flag that any thread sets by an atomic store to stop the work. */
    const bool *cancel;
    bool is_stopped; /* stays true once set */
} work_limits;

/* Reads the value of --deadline; NULL means no deadline. The deadline counts from this call.
 * Returns false and reports the value if it is not valid. */
bool work_limits_read_deadline(diagnostics *sink, const char *text, work_limits *limits);

/* Work between two checks of the limits: well under 0.1 s. Work smaller than this is never stopped,
 * so a small input always gets an answer. */
enum { WORK_ROWS_PER_LOOK = 16384, WORK_BYTES_PER_LOOK = 1 << 20 };

/* Returns true if `limits` is NULL, or if the deadline has not passed and no stop was requested. */
bool work_may_go_on(work_limits *limits);

/* As work_may_go_on, checked once every WORK_ROWS_PER_LOOK rows, except for row 0. */
bool work_may_do_row(work_limits *limits, size_t row);

/* As work_may_do_row, for rows of an output. `limits` must not be NULL. An interrupt does not stop
 * output, so that the results known so far are still written. */
bool work_may_write_row(work_limits *limits, size_t row);

/* Returns whether one of the functions above returned false because of a limit. */
static inline bool work_is_stopped(const work_limits *limits) {
    return limits != NULL && limits->is_stopped;
}

/* Returns options for checking a placement of `count` tensors. An interrupt does not stop the
 * check, so that the results known so far are still reported. */
rein_placement_check_options work_check_options(const work_limits *limits, size_t count);

/* Returns options for replaying a refutation. `limits` must not be NULL. */
rein_plan_replay_options work_replay_options(const work_limits *limits);

/* Returns the exit code of work that was stopped, or else had bad input or output. */
exit_code work_failure_code(const work_limits *limits);

/* Returns the end of a message about work that was stopped: how to avoid it. */
const char *work_stop_advice(bool is_interrupted);

/* Reports that the work on `file` was stopped while it was `doing`, such as "reading". `at` is the
 * position that it reached, or NULL. */
void work_report_stop(diagnostics *sink, const work_limits *limits, const char *file,
                      const position *at, const char *doing);

#endif
