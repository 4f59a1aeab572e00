#include "cli/base/date.h"
#include "cli/check/report.h"
#include "cli/fleet/advice.h"
#include "cli/fleet/measured_models.h"
#include "cli/fleet/missing.h"
#include "cli/fleet/plan_outcome.h"

void check_add_missing(json_object *object, uint32_t missing) {
    json_object *names = json_add_array(object, "missing");
    for (size_t index = 0; index < missing_fact_count; index++) {
        if ((missing & missing_facts[index].bit) != 0) {
            json_append_text(names, missing_facts[index].key);
        }
    }
}

static void add_plan(arena *memory, json_object *activations, const fleet_model *model) {
    const rein_plan_outcome *outcome = &model->planned.outcome;
    json_add_unsigned(activations, "bytes", outcome->height_bytes);
    json_add_plan_outcome(memory, activations, outcome);
    json_add_text(activations, "lifetimes", model->lifetimes_path);
    json_add_unsigned(activations, "tensor_count", model->tensor_count);
    json_add_signed(activations, "plan_ns", model->planned.took.ns);
}

static void add_activations(arena *memory, json_object *object, const fleet_model *model) {
    json_object *activations = json_add_object(object, "activations");
    if (model->origin == ACTIVATIONS_PLANNED) {
        json_add_text(activations, "from", "lifetimes");
        add_plan(memory, activations, model);
        return;
    }
    bool is_stated = model->origin == ACTIVATIONS_STATED;
    json_add_text(activations, "from", is_stated ? "manifest" : "unknown");
    json_add_fact(activations, "bytes", stated_bytes_fact(&model->stated->activations));
}

static void add_budget(json_object *object, const fleet_model *model) {
    json_object *budget = json_add_object(object, "budget");
    json_add_budget(budget, &model->stated->budget);
    if (fleet_covers_contexts(model)) {
        json_add_bool(budget, "limit_includes_context", true);
    }
}

static void add_stated_bytes(json_object *object, const char *key, const stated_bytes *stated) {
    if (stated->is_stated) {
        json_add_unsigned(object, key, stated->bytes);
    }
}

static void add_stated_count(json_object *object, const char *key, const stated_count *stated) {
    if (stated->is_stated) {
        json_add_unsigned(object, key, stated->count);
    }
}

/* Adds the stated values other than weights and activations. */
static void add_demand(json_object *object, const manifest_model *stated) {
    add_stated_bytes(object, "load_peak_bytes", &stated->load_peak);
    add_stated_count(object, "concurrent", &stated->concurrent);
    add_stated_count(object, "sequences", &stated->sequences);
    add_stated_bytes(object, "state_bytes", &stated->state);
    add_stated_count(object, "processes", &stated->processes);
    if (stated->growth.doubles) {
        json_add_bool(object, "growth_doubles", true);
    } else if (stated->growth.is_stated) {
        json_add_unsigned(object, "growth_bytes", stated->growth.bytes);
    }
}

/* Adds what the model's files say, if the manifest names some. */
static void add_described(json_object *object, const fleet_model *model) {
    const model_description *described = model->described;
    if (described == NULL) {
        return;
    }
    json_object *added = json_add_object(object, "model_files");
    json_object *files = json_add_array(added, "files");
    for (size_t index = 0; index < described->file_count; index++) {
        json_append_text(files, described->files[index]);
    }
    json_add_text(added, "format", rein_model_format_name(described->format));
    json_add_text(added, "architecture", described->architecture);
    json_add_fact(added, "weights_bytes", described->weights.device_bytes);
    json_add_fact(added, "state_bytes", described->state.device_bytes);
    json_object *unknowns = json_add_array(added, "unknown");
    for (size_t index = 0; index < described->unknown_count; index++) {
        json_object *unknown = json_append_object(unknowns);
        json_add_text(unknown, "fact", described->unknowns[index].fact);
        json_add_text(unknown, "why", described->unknowns[index].why);
    }
}

/* Returns a number that is 0 if it is unknown. */
static rein_fact_u64 fact_above_0(uint64_t number) {
    return number > 0 ? rein_fact_u64_known(number) : rein_fact_u64_unknown();
}

/* Adds the measurement that the manifest names. */
static void add_measurement(arena *memory, json_object *object, const fleet *checked,
                            const fleet_model *model) {
    const measurement *measured = model->measured;
    if (measured == NULL) {
        return;
    }
    bool has_method = measured->method != METHOD_UNKNOWN;
    uint64_t interval_ns = (uint64_t)measured->interval.ns;
    json_object *added = json_add_object(object, "measurement");
    json_add_text(added, "file", measured->path);
    json_add_text(added, "device_uuid", measured->device_uuid);
    json_add_bool(added, "is_of_another_device",
                  measured_elsewhere(memory, checked, model) != NULL);
    json_add_unsigned(added, "peak_bytes", measured->peak_bytes);
    json_add_fact(added, "final_bytes", measured->final_bytes);
    json_add_bool(added, "includes_contexts", measured->includes_contexts);
    json_add_text(added, "method", has_method ? measurement_method_name(measured->method) : NULL);
    json_add_fact(added, "interval_ns", fact_above_0(interval_ns));
    json_add_fact(added, "samples", fact_above_0(measured->sample_count));
}

static void add_model(arena *memory, json_object *models, const fleet *checked,
                      const fleet_model *model) {
    const rein_model_verdict *verdict = &model->verdict;
    json_object *object = json_append_object(models);
    json_add_text(object, "id", rein_model_id_text(&model->stated->id));
    json_add_text(object, "outcome", rein_admission_outcome_name(verdict->outcome));
    check_add_missing(object, verdict->missing);
    add_budget(object, model);
    json_add_fact(object, "weights_bytes", model->weights.fact);
    add_activations(memory, object, model);
    add_demand(object, model->stated);
    add_described(object, model);
    add_measurement(memory, object, checked, model);
    json_add_bool(object, "is_measured", verdict->is_measured);
    json_add_unsigned(object, "reserved_bytes", verdict->reserved_bytes);
    json_add_fact(object, "needed_bytes", verdict->needed_bytes);
    json_add_unsigned(object, "needed_at_least_bytes", verdict->needed_at_least_bytes);
    json_add_unsigned(object, "shortfall_bytes", verdict->shortfall_bytes);
}

void check_add_device(arena *memory, json_object *document, const fleet_device *device) {
    const rein_device_profile *profile = &device->profile;
    json_object *object = json_add_object(document, "device");
    json_add_bool(object, "is_found", device->is_found);
    json_add_text(object, "reason", device->reason);
    json_add_text(object, "profile", device->path);
    if (!device->is_found) {
        return;
    }
    json_add_text(object, "name", profile->name);
    json_add_text(object, "uuid", profile->uuid);
    json_add_text(object, "source", rein_profile_source_name(profile->source));
    json_add_text(object, "note", profile->source_note);
    rein_fact_i64 recorded_at = profile->recorded_at_unix_s;
    json_add_text(object, "recorded_at",
                  recorded_at.is_known ? date_text(memory, recorded_at.value) : NULL);
    json_add_profile_facts(object, profile);
}

/* Adds a number and its source. `key` names the number and its unit. */
static void add_sourced(json_object *parent, const char *name, const char *key,
                        const sourced_number *number) {
    json_object *object = json_add_object(parent, name);
    json_add_fact(object, key, number->fact);
    json_add_text(object, "from", number_origin_name(number->origin));
    if (number->origin == NUMBER_FROM_MANIFEST) {
        json_add_unsigned(object, "line", number->at.line);
        json_add_unsigned(object, "column", number->at.column);
        json_add_fact(object, "profile_bytes", number->overridden);
    }
}

static void add_live_reservations(json_object *parent, const rein_reservation_summary *live) {
    json_object *object = json_add_object(parent, "live_reservations");
    json_add_unsigned(object, "count", live->live_count);
    json_add_unsigned(object, "bytes", live->live_bytes);
    json_add_unsigned(object, "unknown", live->unknown_count);
    json_add_fact(object, "device_total_bytes", live->device_total_bytes);
}

static void add_memory(json_object *document, const fleet *checked) {
    const rein_device_verdict *device = &checked->verdict.device;
    json_object *object = json_add_object(document, "memory");
    json_add_text(object, "outcome", rein_admission_outcome_name(device->outcome));
    check_add_missing(object, device->missing);
    json_add_text(object, "basis", rein_memory_basis_name(device->basis));
    json_add_fact(object, "basis_bytes",
                  device->basis == REIN_MEMORY_BASIS_UNKNOWN
                      ? rein_fact_u64_unknown()
                      : rein_fact_u64_known(device->basis_bytes));
    add_sourced(object, "processes", "count", &checked->processes);
    if (checked->has_own_processes) {
        json_add_unsigned(object, "context_count", device->context_count);
    }
    add_sourced(object, "context_overhead", "bytes", &checked->context_overhead);
    add_sourced(object, "headroom", "bytes", &checked->headroom);
    add_sourced(object, "reserved", "bytes", &checked->reserved);
    add_live_reservations(object, &checked->live);
    add_sourced(object, "granularity", "bytes", &checked->granularity);
    add_sourced(object, "pool_growth", "bytes", &checked->pool_growth);
    json_add_fact(object, "context_bytes", device->context_bytes);
    json_add_fact(object, "available_bytes", device->available_bytes);
    json_add_fact(object, "available_at_most_bytes", device->available_at_most_bytes);
    json_add_unsigned(object, "requested_bytes", device->requested_bytes);
    json_add_unsigned(object, "shortfall_bytes", device->shortfall_bytes);
    json_add_fact(object, "needed_bytes", device->needed_bytes);
    bool is_one_enough = device->removable_model < checked->model_count;
    json_add_text(object, "removable_model",
                  is_one_enough
                      ? rein_model_id_text(&checked->models[device->removable_model].stated->id)
                      : NULL);
}

static void add_streams(json_object *document, const rein_stream_verdict *streams) {
    json_object *object = json_add_object(document, "streams");
    json_add_unsigned(object, "requested", streams->requested_streams);
    json_add_fact(object, "connections", streams->connection_count);
    json_add_bool(object, "may_share_queues", streams->may_share_queues);
}

static void add_advice(arena *memory, json_object *document, const fleet *checked) {
    advice made = advice_make(memory, checked);
    json_object *sentences = json_add_array(document, "advice");
    for (size_t index = 0; index < made.count; index++) {
        json_append_text(sentences, made.sentences[index]);
    }
}

/* Adds the ids of the models that are not judged, and of those whose verdict rests on a
 * measurement. */
static void add_named_models(json_object *document, const fleet *checked) {
    json_object *caps = json_add_array(document, "caps");
    json_object *measured = json_add_array(document, "measured");
    for (size_t index = 0; index < checked->model_count; index++) {
        const fleet_model *model = &checked->models[index];
        const char *id = rein_model_id_text(&model->stated->id);
        if (model->verdict.outcome == REIN_ADMISSION_CAP) {
            json_append_text(caps, id);
        }
        if (model->verdict.is_measured) {
            json_append_text(measured, id);
        }
    }
}

bool check_print_json(diagnostics *sink, const fleet *checked) {
    json_object *document = json_document("check");
    json_add_text(document, "manifest", checked->from->path);
    json_add_text(document, "outcome", rein_admission_outcome_name(checked->verdict.outcome));
    add_named_models(document, checked);
    json_object *models = json_add_array(document, "models");
    for (size_t index = 0; index < checked->model_count; index++) {
        add_model(sink->memory, models, checked, &checked->models[index]);
    }
    check_add_device(sink->memory, document, &checked->device);
    add_memory(document, checked);
    add_streams(document, &checked->verdict.streams);
    add_advice(sink->memory, document, checked);
    return json_print(sink, document);
}
