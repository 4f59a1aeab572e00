#include <stdlib.h>
#include <string.h>

#include "cli/base/memory_stream.h"
#include "cli/check/largest.h"
#include "cli/fleet/described_models.h"
#include "cli/fleet/server_processes.h"

/* A fleet that is being made for a number. */
typedef struct draft {
    const largest_question *asked;
    fleet made;
    manifest_model *stated; /* of the model that varies */
} draft;

/* Returns the fleet with `copies` of the model, as a manifest that lists it so many times. */
static draft draft_of(arena *memory, const largest_question *asked, uint64_t copies) {
    const fleet *from = asked->stated;
    draft made = {
        .asked = asked, .made = *from, .stated = arena_allocate(memory, 1, sizeof *made.stated)};
    size_t count = from->model_count + (size_t)(copies - 1);
    made.made.models = arena_allocate(memory, count, sizeof *from->models);
    made.made.model_count = count;
    memcpy(made.made.models, from->models, from->model_count * sizeof *from->models);
    *made.stated = *from->models[asked->model].stated;
    made.made.models[asked->model].stated = made.stated;
    for (size_t index = from->model_count; index < count; index++) {
        made.made.models[index] = made.made.models[asked->model];
    }
    if (made.made.processes.origin == NUMBER_DEFAULT) {
        made.made.processes.fact = rein_fact_u64_known(fleet_least_processes(&made.made));
    }
    return made;
}

/* Sets what the manifest states about the engine and the sequences. */
static void state_number(const largest_question *asked, uint64_t number, manifest_model *target) {
    stated_engine *engine = &target->engine;
    bool is_context = asked->kind == LARGEST_CONTEXT;
    if (!is_context && target->sequences.is_stated) {
        target->sequences.count = number;
    }
    if (asked->opened == NULL) {
        return;
    }
    if (!engine->is_stated) {
        engine->options = rein_engine_options_make(REIN_ENGINE_LLAMA_SERVER);
        engine->is_stated = true;
    }
    *(is_context ? &engine->options.context : &engine->options.parallel) =
        rein_fact_u64_known(number);
}

static bool set_number(diagnostics *sink, uint64_t number, draft *target) {
    const largest_question *asked = target->asked;
    fleet_model *model = &target->made.models[asked->model];
    state_number(asked, number, target->stated);
    if (asked->opened == NULL) {
        fleet_set_stated(model);
        return true;
    }
    model_description *described = arena_allocate(sink->memory, 1, sizeof *described);
    *described = *model->described;
    fleet_set_stated(model);
    return model_describe_state(sink, asked->opened, &target->stated->engine.options, described) &&
           fleet_set_description(sink, &target->made, described, model);
}

/* Returns the bytes that a model is known to need, at least 1: a budget is above 0. */
static uint64_t need_of(const rein_model_verdict *verdict) {
    rein_fact_u64 needed = verdict->needed_bytes;
    uint64_t bytes = needed.is_known ? needed.value : verdict->needed_at_least_bytes;
    return bytes == 0 ? 1 : bytes;
}

/* Judges the fleet. Without a budget, the model's budget is what it needs. */
static rein_result_void judge(arena *memory, draft *target) {
    const largest_question *asked = target->asked;
    REIN_TRY(rein_result_void, fleet_judge(memory, &target->made));
    if (asked->has_budget) {
        return rein_done();
    }
    target->stated->budget.memory_limit_bytes = need_of(&target->made.models[asked->model].verdict);
    return fleet_judge(memory, &target->made);
}

/* Sets the number and judges the fleet. Returns false after reporting why it cannot be judged. */
static bool complete(diagnostics *sink, uint64_t number, draft *target) {
    if (target->asked->kind != LARGEST_INSTANCES && !set_number(sink, number, target)) {
        return false;
    }
    rein_result_void judged = judge(sink->memory, target);
    if (rein_result_void_is_error(judged)) {
        report_in_file(sink, target->asked->stated->from->path, "%s",
                       error_text(sink->memory, &REIN_ERROR(judged)));
        return false;
    }
    return true;
}

bool largest_step_try(diagnostics *sink, const largest_question *asked, uint64_t number,
                      largest_step *out_step) {
    draft made = draft_of(sink->memory, asked, asked->kind == LARGEST_INSTANCES ? number : 1);
    if (!complete(sink, number, &made)) {
        return false;
    }
    *out_step =
        (largest_step){.number = number, .outcome = made.made.verdict.outcome, .judged = made.made};
    return true;
}

largest_step largest_step_make(arena *memory, const largest_question *asked, uint64_t number) {
    largest_step step = {.number = number, .outcome = REIN_ADMISSION_DOES_NOT_FIT};
    memory_stream said;
    memory_stream_open(&said);
    diagnostics sink = {.stream = said.stream, .memory = memory};
    bool is_made = largest_step_try(&sink, asked, number, &step);
    (void)memory_stream_close(&said);
    if (!is_made) {
        step.refusal = arena_copy(memory, said.text, strcspn(said.text, "\n"));
    }
    free(said.text);
    return step;
}

const fleet_model *largest_model(const largest_question *asked, const largest_step *step) {
    return &step->judged.models[asked->model];
}
