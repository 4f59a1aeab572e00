/* `rein plan` of many files, side by side. */
#ifndef REIN_CLI_PLAN_BATCH_H
#define REIN_CLI_PLAN_BATCH_H

#include "cli/exit_code.h"
#include "cli/planned_lifetimes.h"

typedef struct plan_batch {
    const char *const *paths;
    size_t count;
    size_t thread_count;
    plan_request request; /* of each file */
    bool is_json;
} plan_batch;

/* Plans each file and prints a summary, or a JSON document a line, in the order of the paths. A
 * file that cannot be planned is reported, and the others are planned all the same. After an
 * interrupt the searches that run stop, and no other begins. */
exit_code plan_batch_run(diagnostics *sink, const plan_batch *asked);

#endif
