/* `rein plan` of many files in parallel. */
#ifndef REIN_CLI_PLAN_BATCH_H
#define REIN_CLI_PLAN_BATCH_H

#include "cli/base/exit_code.h"
#include "cli/plan/outputs.h"

typedef struct plan_batch {
    plan_inputs inputs;
    plan_outputs folders; /* for the outputs of each file */
    upper_ends ends;      /* in the files */
    size_t thread_count;
    plan_request request; /* for each file; plan_make makes its log */
    bool is_json;
} plan_batch;

/* Plans each file, writes its outputs, and prints a summary, or one line of JSON for each, in the
 * order of the paths. Reports a file that cannot be planned and goes on with the others. After an
 * interrupt, or the deadline of all files together, work in progress stops and no new work
 * begins. */
exit_code plan_batch_run(diagnostics *sink, const plan_batch *batch);

#endif
