#include "cli/fleet/fleet.h"

#include <inttypes.h>

#include "cli/base/parallel.h"
#include "cli/base/side_task.h"
#include "cli/fleet/reservations.h"

const char *number_origin_name(number_origin origin) {
    static const char *const names[] = {[NUMBER_UNKNOWN] = "unknown",
                                        [NUMBER_DEFAULT] = "default",
                                        [NUMBER_FROM_PROFILE] = "profile",
                                        [NUMBER_FROM_MANIFEST] = "manifest"};
    return names[origin];
}

static sourced_number stated_or_default(const stated_bytes *stated, uint64_t otherwise) {
    if (stated->is_stated) {
        return (sourced_number){.fact = rein_fact_u64_known(stated->bytes),
                                .origin = NUMBER_FROM_MANIFEST,
                                .at = stated->at};
    }
    return (sourced_number){.fact = rein_fact_u64_known(otherwise), .origin = NUMBER_DEFAULT};
}

/* The manifest's word goes before the profile's; that it did is kept. */
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

/* The models whose lifetimes are planned side by side. */
typedef struct fleet_plans {
    diagnostics *sink;
    const plan_effort *effort;
    const char *manifest_path;
    fleet_model *models;
    side_task *tasks; /* one for each model */
    plan_progress progress;
    bool is_sound;
} fleet_plans;

static bool plan_model(diagnostics *sink, const plan_effort *effort, plan_progress *progress,
                       fleet_model *model) {
    lifetimes_file input;
    plan_request request = {
        .capacity_bytes = rein_fact_u64_unknown(), .effort = *effort, .progress = progress};
    if (!lifetimes_file_read(sink, model->lifetimes_path, NULL, &input) ||
        !lifetimes_plan(sink, &input, &request, &model->planned, NULL)) {
        return false;
    }
    if (input.offsets != NULL) {
        note_in_file(sink, input.path, "its offsets are ignored: activations are planned anew");
    }
    model->origin = ACTIVATIONS_PLANNED;
    model->planned.offsets = NULL;
    model->tensor_count = input.count;
    return true;
}

static void plan_on_thread(void *self, size_t index) {
    fleet_plans *plans = self;
    fleet_model *model = &plans->models[index];
    side_task *task = &plans->tasks[index];
    if (model->lifetimes_path == NULL) {
        return;
    }
    side_task_begin(task);
    if (!plan_model(&task->sink, plans->effort, &plans->progress, model)) {
        note_at(&task->sink, plans->manifest_path, model->stated->lifetimes.at,
                "the lifetimes of model '%s'", rein_model_id_text(&model->stated->id));
    }
    side_task_end(task);
    plan_progress_count(&plans->progress);
}

static bool take_plan(void *self, size_t index) {
    fleet_plans *plans = self;
    const fleet_model *model = &plans->models[index];
    if (model->lifetimes_path != NULL) {
        side_task_pass_on(&plans->tasks[index], plans->sink);
        plans->is_sound = plans->is_sound && model->origin == ACTIVATIONS_PLANNED;
    }
    return true;
}

/* Plans every model that has lifetimes. */
static bool plan_models(diagnostics *sink, const plan_effort *effort, size_t planned_count,
                        fleet *target) {
    size_t count = target->model_count;
    fleet_plans plans = {.sink = sink,
                         .effort = effort,
                         .manifest_path = target->from->path,
                         .models = target->models,
                         .tasks = arena_allocate(sink->memory, count, sizeof *plans.tasks),
                         .progress = {.file_count = planned_count},
                         .is_sound = true};
    const parallel_work todo = {.count = count,
                                .thread_count = parallel_processors(),
                                .work = plan_on_thread,
                                .take = take_plan,
                                .self = &plans};
    parallel_run(&todo);
    return plans.is_sound;
}

static bool gather_models(diagnostics *sink, const plan_effort *effort, fleet *target) {
    const manifest *from = target->from;
    size_t planned_count = 0;
    target->model_count = from->model_count;
    target->models = arena_allocate(sink->memory, from->model_count, sizeof *target->models);
    for (size_t index = 0; index < from->model_count; index++) {
        fleet_model *model = &target->models[index];
        model->stated = &from->models[index];
        if (model->stated->lifetimes.text != NULL) {
            model->lifetimes_path =
                resolve_path(sink->memory, from->path, model->stated->lifetimes.text);
            planned_count++;
        } else if (model->stated->activations.is_stated) {
            model->origin = ACTIVATIONS_STATED;
        }
    }
    return plan_models(sink, effort, planned_count, target);
}

static rein_model_demand demand_of(const fleet_model *model) {
    rein_model_demand demand = {
        .id = model->stated->id,
        .budget = model->stated->budget,
        .weights_bytes = stated_bytes_fact(&model->stated->weights),
        .activation_bytes = stated_bytes_fact(&model->stated->activations),
        .activation_lower_bound_bytes = stated_bytes_fact(&model->stated->activations),
    };
    if (model->origin == ACTIVATIONS_PLANNED) {
        const rein_plan_outcome *outcome = &model->planned.outcome;
        demand.activation_bytes = rein_fact_u64_known(outcome->height_bytes);
        demand.activation_lower_bound_bytes = rein_fact_u64_known(outcome->lower_bound_bytes);
    }
    return demand;
}

const sourced_number *fleet_budget_steps(const fleet *gathered) {
    rein_device_profile device = gathered->device.profile;
    device.pool_growth_bytes = gathered->pool_growth.fact;
    return rein_device_profile_counts_growth(&device) ? &gathered->pool_growth
                                                      : &gathered->granularity;
}

rein_fact_u64 fleet_free_bytes(const fleet *gathered) {
    return gathered->device.is_judged_by_total ? rein_fact_u64_unknown()
                                               : gathered->device.profile.free_bytes;
}

rein_admission_request fleet_request(arena *memory, const fleet *gathered) {
    size_t count = gathered->model_count;
    rein_model_demand *demands = arena_allocate(memory, count, sizeof *demands);
    for (size_t index = 0; index < count; index++) {
        demands[index] = demand_of(&gathered->models[index]);
    }
    rein_device_profile *device = arena_allocate(memory, 1, sizeof *device);
    *device = gathered->device.profile;
    device->free_bytes = fleet_free_bytes(gathered);
    device->context_overhead_bytes = gathered->context_overhead.fact;
    device->allocation_granularity_bytes = gathered->granularity.fact;
    device->pool_growth_bytes = gathered->pool_growth.fact;
    return (rein_admission_request){.models = demands,
                                    .model_count = count,
                                    .device = device,
                                    .headroom_bytes = gathered->headroom.fact.value,
                                    .reserved_bytes = gathered->reserved.fact.value,
                                    .process_count = gathered->processes.fact.value};
}

void fleet_set_verdict(fleet *target, const rein_reservation_verdict *judged,
                       const rein_model_verdict *models) {
    target->verdict = judged->admission;
    target->live = judged->others;
    for (size_t index = 0; index < target->model_count; index++) {
        target->models[index].verdict = models[index];
    }
}

static bool admit(diagnostics *sink, fleet *target) {
    rein_reservation_summary live = count_live_reservations(sink, &target->device.profile);
    rein_model_verdict *models = arena_allocate(sink->memory, target->model_count, sizeof *models);
    rein_admission_request request = fleet_request(sink->memory, target);
    rein_result_reservation_verdict judged = rein_reservation_judge(&request, &live, models);
    if (rein_result_reservation_verdict_is_error(judged)) {
        report_in_file(sink, target->from->path, "%s",
                       error_text(sink->memory, &REIN_ERROR(judged)));
        return false;
    }
    fleet_set_verdict(target, &REIN_VALUE(judged), models);
    return true;
}

bool fleet_gather(diagnostics *sink, const manifest *from, const fleet_device *device,
                  const plan_effort *effort, fleet *out_fleet) {
    fleet gathered = {.from = from, .device = *device};
    gather_numbers(&gathered);
    if (!gather_models(sink, effort, &gathered)) {
        return false;
    }
    *out_fleet = gathered;
    return true;
}

bool fleet_check(diagnostics *sink, const manifest *from, const fleet_device *device,
                 const plan_effort *effort, fleet *out_fleet) {
    fleet checked;
    if (!fleet_gather(sink, from, device, effort, &checked)) {
        return false;
    }
    if (!admit(sink, &checked)) {
        return false;
    }
    *out_fleet = checked;
    return true;
}
