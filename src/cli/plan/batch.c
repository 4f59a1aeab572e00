#include "cli/plan/batch.h"

#include <stdlib.h>

#include "cli/base/parallel.h"
#include "cli/base/signals.h"
#include "cli/plan/make.h"
#include "cli/plan/summary.h"

typedef struct batch_file {
    bool is_begun;
    work_limits limits; /* own copy */
    char *json;         /* the plan as JSON if requested, until it is printed */
} batch_file;

typedef struct batch_run {
    diagnostics *sink;
    const plan_batch *batch;
    batch_file *files;
    planned_file *planned; /* one for each file, for the summary */
    bool is_printed;
} batch_run;

static void note_plan(planned_file *planned, const plan_report *result) {
    planned->tensor_count = result->input.count;
    planned->outcome = result->planned.outcome;
    planned->took = result->planned.took;
    planned->judged = result->outcome;
    planned->has_doubtful_ends = lifetimes_file_has_doubtful_ends(&result->input);
    planned->ignores_offsets = result->input.offsets != NULL && !result->keeps_offsets;
}

static bool plan_one(diagnostics *sink, const plan_batch *batch, batch_file *file,
                     planned_file *planned) {
    const plan_outputs outputs = plan_outputs_in(sink->memory, &batch->folders, planned->path);
    plan_request request = batch->request;
    lifetimes_file input;
    plan_report made;
    request.limits = &file->limits;
    if (!lifetimes_file_read(sink, planned->path, batch->ends, request.limits, &input)) {
        planned->code = work_failure_code(request.limits);
        return false;
    }
    if (!plan_make(sink, &input, &request, &outputs, &made, &planned->code)) {
        return false;
    }
    note_plan(planned, &made);
    if (batch->is_json) {
        file->json = plan_json_line(sink, &made);
    }
    planned->code = work_failure_code(request.limits);
    return !file->limits.is_stopped;
}

static void work_on(void *self, size_t index, diagnostics *sink) {
    const batch_run *run = self;
    batch_file *file = &run->files[index];
    file->limits = *run->batch->request.limits;
    if (!work_may_go_on(&file->limits)) {
        run->planned[index].code = EXIT_CODE_CANNOT_TELL;
        return;
    }
    file->is_begun = true;
    run->planned[index].is_planned = plan_one(sink, run->batch, file, &run->planned[index]);
    plan_progress_count(run->batch->request.progress);
}

static bool print_json(batch_run *run, batch_file *file) {
    if (file->json == NULL) {
        return true;
    }
    output_text *text = output_open(run->sink->memory);
    fprintf(text->stream, "%s\n", file->json);
    free(file->json);
    file->json = NULL;
    run->is_printed = output_to_standard(run->sink, text);
    return run->is_printed;
}

static bool take(void *self, size_t index) {
    batch_run *run = self;
    return print_json(run, &run->files[index]);
}

/* Frees the plans that were made but not printed. */
static void free_rest(batch_run *run) {
    for (size_t index = 0; index < run->batch->inputs.count; index++) {
        free(run->files[index].json);
    }
}

static void report_what_is_left(diagnostics *sink, const batch_run *run) {
    size_t left = 0;
    for (size_t index = 0; index < run->batch->inputs.count; index++) {
        left += !run->files[index].is_begun;
    }
    if (left > 0) {
        report(sink, "%s: %zu of %zu files were not planned%s",
               interrupt_came() ? "interrupted" : "the deadline passed", left,
               run->batch->inputs.count, work_stop_advice(interrupt_came()));
    }
}

exit_code plan_batch_run(diagnostics *sink, const plan_batch *batch) {
    plan_progress progress = {.file_count = batch->inputs.count};
    plan_batch watched = *batch;
    watched.request.limits->cancel = interrupt_watch();
    watched.request.progress = &progress;
    batch_run run = {.sink = sink, .batch = &watched, .is_printed = true};
    run.files = arena_allocate(sink->memory, batch->inputs.count, sizeof *run.files);
    run.planned = arena_allocate(sink->memory, batch->inputs.count, sizeof *run.planned);
    for (size_t index = 0; index < batch->inputs.count; index++) {
        run.planned[index].path = batch->inputs.paths[index];
        run.planned[index].code = EXIT_CODE_BAD_INPUT;
    }
    const parallel_work todo = {.count = batch->inputs.count,
                                .thread_count = batch->thread_count,
                                .work = work_on,
                                .take = take,
                                .self = &run};
    parallel_run(sink, &todo);
    free_rest(&run);
    if (!batch->is_json) {
        run.is_printed = plan_summary_print(sink, run.planned, batch->inputs.count,
                                            batch->request.capacity_bytes);
    }
    if (run.is_printed) {
        report_what_is_left(sink, &run);
    }
    interrupt_pass_on();
    return run.is_printed ? plan_summary_exit_code(run.planned, batch->inputs.count)
                          : EXIT_CODE_BAD_INPUT;
}
