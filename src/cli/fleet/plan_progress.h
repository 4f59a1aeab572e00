/* How far plans have come, as a line of progress. */
#ifndef REIN_CLI_FLEET_PLAN_PROGRESS_H
#define REIN_CLI_FLEET_PLAN_PROGRESS_H

#include "plan/plan.h"

/* Of files that are planned together; any thread may report. */
typedef struct plan_progress {
    size_t file_count;
    size_t done_count; /* atomic */
} plan_progress;

/* One search, at the file at `path`, has come so far. */
void plan_progress_report(const plan_progress *progress, const char *path,
                          const rein_plan_progress *searched);

/* One more file is done. */
void plan_progress_count(plan_progress *progress);

#endif
