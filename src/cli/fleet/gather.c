#include "cli/fleet/gather.h"

#include "cli/base/parallel.h"
#include "cli/base/path.h"
#include "cli/fleet/described_models.h"
#include "cli/fleet/measured_models.h"
#include "cli/fleet/server_processes.h"

static sourced_number stated_or_default(const stated_bytes *stated, uint64_t otherwise) {
    if (stated->is_stated) {
        return (sourced_number){.fact = rein_fact_u64_known(stated->bytes),
                                .origin = NUMBER_FROM_MANIFEST,
                                .at = stated->at};
    }
    return (sourced_number){.fact = rein_fact_u64_known(otherwise), .origin = NUMBER_DEFAULT};
}

/* Returns the manifest's number, or else the profile's. Records a profile's number that differs. */
static sourced_number stated_or_profiled(const stated_bytes *stated, rein_fact_u64 profiled) {
    if (stated->is_stated) {
        sourced_number number = stated_or_default(stated, 0);
        bool differs = profiled.is_known && profiled.value != stated->bytes;
        number.overridden = differs ? profiled : rein_fact_u64_unknown();
        return number;
    }
    return (sourced_number){.fact = profiled,
                            .origin = profiled.is_known ? NUMBER_FROM_PROFILE : NUMBER_UNKNOWN};
}

static void gather_numbers(fleet *target) {
    const manifest_device *stated = &target->from->device;
    const rein_device_profile *profile = &target->device.profile;
    target->headroom = stated_or_default(&stated->headroom, 0);
    target->reserved = stated_or_default(&stated->reserved, 0);
    target->context_overhead =
        stated_or_profiled(&stated->context_overhead, profile->context_overhead_bytes);
    target->granularity =
        stated_or_profiled(&stated->granularity, profile->allocation_granularity_bytes);
    target->pool_growth = stated_or_profiled(&stated->pool_growth, profile->pool_growth_bytes);
    stated_bytes processes = {.is_stated = stated->processes.is_stated,
                              .bytes = stated->processes.count,
                              .at = stated->processes.at};
    target->processes = stated_or_default(&processes, 1);
}

/* The models whose lifetimes are planned in parallel. */
typedef struct fleet_plans {
    const plan_effort *effort;
    const char *manifest_path;
    fleet_model *models;
    size_t *planned; /* indices of those models */
    plan_progress progress;
    bool is_sound;
} fleet_plans;

/* Reads the lifetimes of a model: those of a file, or those of the graph in the model's file. */
static bool read_lifetimes(diagnostics *sink, const fleet_model *model, lifetimes_file *out_input) {
    if (model->stated->lifetimes.text == NULL) {
        *out_input = described_lifetimes(sink->memory, model);
        return true;
    }
    const upper_ends ends = {.are_included = model->stated->lifetimes_inclusive.is_set,
                             .advice = "state lifetimes_inclusive: true"};
    return lifetimes_file_read(sink, model->lifetimes_path, ends, NULL, out_input);
}

static bool plan_model(diagnostics *sink, const plan_effort *effort, plan_progress *progress,
                       fleet_model *model) {
    lifetimes_file input;
    plan_request request = {
        .capacity_bytes = rein_fact_u64_unknown(), .effort = *effort, .progress = progress};
    if (!read_lifetimes(sink, model, &input) ||
        !lifetimes_plan(sink, &input, &request, &model->planned, NULL)) {
        return false;
    }
    if (input.offsets != NULL) {
        note_in_file(sink, input.path, "its offsets are ignored: activations are planned anew");
    }
    if (!model->stated->lifetimes_inclusive.is_stated && lifetimes_file_has_doubtful_ends(&input)) {
        note_in_file(
            sink, input.path,
            "its column end is taken as last use + 1; state lifetimes_inclusive: true if it "
            "is the last use, false if not");
    }
    model->origin = ACTIVATIONS_PLANNED;
    model->planned.offsets = NULL;
    model->tensor_count = input.count;
    return true;
}

static void plan_on_thread(void *self, size_t index, diagnostics *sink) {
    fleet_plans *plans = self;
    fleet_model *model = &plans->models[plans->planned[index]];
    if (!plan_model(sink, plans->effort, &plans->progress, model)) {
        note_at(sink, plans->manifest_path, model->lifetimes_at,
                "named here as the lifetimes of model '%s'",
                rein_model_id_text(&model->stated->id));
    }
    plan_progress_count(&plans->progress);
}

static bool take_plan(void *self, size_t index) {
    fleet_plans *plans = self;
    const fleet_model *model = &plans->models[plans->planned[index]];
    plans->is_sound = plans->is_sound && model->origin == ACTIVATIONS_PLANNED;
    return true;
}

/* Plans all models that have lifetimes. */
static bool plan_models(diagnostics *sink, const plan_effort *effort, fleet *target) {
    size_t count = 0;
    size_t *planned = arena_allocate(sink->memory, target->model_count, sizeof *planned);
    for (size_t index = 0; index < target->model_count; index++) {
        planned[count] = index;
        count += target->models[index].lifetimes_path != NULL;
    }
    fleet_plans plans = {.effort = effort,
                         .manifest_path = target->from->path,
                         .models = target->models,
                         .planned = planned,
                         .progress = {.file_count = count},
                         .is_sound = true};
    const parallel_work todo = {.count = count,
                                .thread_count = parallel_processors(),
                                .work = plan_on_thread,
                                .take = take_plan,
                                .self = &plans};
    parallel_run(sink, &todo);
    return plans.is_sound;
}

static void gather_stated(arena *memory, fleet *target) {
    const manifest *from = target->from;
    target->model_count = from->model_count;
    target->models = arena_allocate(memory, from->model_count, sizeof *target->models);
    for (size_t index = 0; index < from->model_count; index++) {
        fleet_model *model = &target->models[index];
        model->stated = &from->models[index];
        if (model->stated->lifetimes.text != NULL) {
            model->lifetimes_path = path_resolve(memory, from->path, model->stated->lifetimes.text);
            model->lifetimes_at = model->stated->lifetimes.at;
        } else if (model->stated->activations.is_stated) {
            model->origin = ACTIVATIONS_STATED;
        }
    }
}

/* Returns the position of the first model that requires separate processes. */
static position own_processes_at(const fleet *target) {
    const fleet_model *model = target->models;
    while (!model->stated->processes.is_stated && !fleet_covers_contexts(model)) {
        model++;
    }
    return model->stated->id_at;
}

/* The models' numbers of processes take precedence over the device's. */
static void gather_processes(arena *memory, fleet *target) {
    rein_admission_request request = fleet_request(memory, target);
    target->has_own_processes = rein_admission_has_own_processes(&request);
    if (target->has_own_processes) {
        uint64_t count = rein_admission_process_count(&request);
        target->processes = (sourced_number){.fact = rein_fact_u64_known(count),
                                             .origin = NUMBER_FROM_MANIFEST,
                                             .at = own_processes_at(target)};
    } else if (target->processes.origin == NUMBER_DEFAULT) {
        target->processes.fact = rein_fact_u64_known(fleet_least_processes(target));
    }
}

bool fleet_gather(diagnostics *sink, const manifest *from, const fleet_device *device,
                  const plan_effort *effort, fleet *out_fleet) {
    fleet gathered = {.from = from, .device = *device};
    gather_numbers(&gathered);
    gather_stated(sink->memory, &gathered);
    bool are_measured = fleet_read_measurements(sink, &gathered);
    if (!fleet_describe_models(sink, &gathered) || !are_measured) {
        return false;
    }
    gather_processes(sink->memory, &gathered);
    if (!plan_models(sink, effort, &gathered)) {
        return false;
    }
    *out_fleet = gathered;
    return true;
}
