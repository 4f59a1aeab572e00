/* The progress of planning, as a line. */
#ifndef REIN_CLI_FLEET_PLAN_PROGRESS_H
#define REIN_CLI_FLEET_PLAN_PROGRESS_H

#include "plan/plan.h"

/* The progress of files that are planned together. Thread-safe. */
typedef struct plan_progress {
    size_t file_count;
    size_t done_count; /* atomic */
} plan_progress;

/* Reports the progress of the search for the plan of the file at `path`. */
void plan_progress_report(const plan_progress *progress, const char *path,
                          const rein_plan_progress *searched);

/* Counts a finished file. */
void plan_progress_count(plan_progress *progress);

#endif
