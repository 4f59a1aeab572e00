/* How far a long plan has come: one line on standard error, written again and again.
 *
 * Only where standard error is a terminal that is not dumb, and only after half a second; the line
 * is wiped out in the end. Any thread may report. */
#ifndef REIN_CLI_PLAN_PROGRESS_H
#define REIN_CLI_PLAN_PROGRESS_H

#include <pthread.h>

#include "contract/plan.h"

typedef struct plan_progress {
    pthread_mutex_t mutex; /* guards what follows */
    bool is_shown;         /* there is a terminal */
    bool has_line;
    size_t file_count;
    size_t done_count;
    rein_timestamp next; /* when the line is written again */
} plan_progress;

/* For `file_count` files; release it with plan_progress_end. */
void plan_progress_begin(plan_progress *progress, size_t file_count);

/* One search, at the file at `path`, has come so far. */
void plan_progress_report(plan_progress *progress, const char *path,
                          const rein_plan_progress *searched);

/* One more file is done. */
void plan_progress_count(plan_progress *progress);

/* Wipes the line out, so that something else can be written; the next report writes it again. */
void plan_progress_wipe(plan_progress *progress);

void plan_progress_end(plan_progress *progress);

#endif
