#include "cli/run/model.h"

#include <string.h>

#include "cli/base/option.h"
#include "cli/base/suggest.h"
#include "cli/base/text.h"
#include "cli/fleet/device.h"
#include "cli/fleet/gather.h"

static bool require(diagnostics *sink, const char *name, const char *value) {
    if (value == NULL) {
        report(
            sink,
            "missing option '--%s'; give --device, --model, --memory, --streams and --compute, or "
            "--manifest and --model",
            name);
    }
    return value != NULL;
}

static bool read_id(diagnostics *sink, const char *text, rein_model_id *out_id) {
    rein_result_model_id made = rein_model_id_make(text);
    if (rein_result_model_id_is_error(made)) {
        return refuse_option(sink, "model", &REIN_ERROR(made));
    }
    *out_id = REIN_VALUE(made);
    return true;
}

static bool read_budget(diagnostics *sink, const run_options *options,
                        rein_resource_budget *out_budget) {
    uint64_t memory_bytes = 0;
    rein_duration compute = rein_duration_from_ns(0);
    uint64_t streams = 0;
    if (!option_bytes(sink, "memory", options->memory, &memory_bytes) ||
        !option_duration(sink, "compute", options->compute, &compute) ||
        !option_number(sink, "streams", options->streams, 1, INT32_MAX, &streams)) {
        return false;
    }
    rein_result_resource_budget made =
        rein_resource_budget_make(memory_bytes, (int32_t)streams, compute);
    if (rein_result_resource_budget_is_error(made)) {
        report(sink, "the budget is not valid: %s", error_text(sink->memory, &REIN_ERROR(made)));
        return false;
    }
    *out_budget = REIN_VALUE(made);
    return true;
}

/* A context of this process would take device memory while it waits for the command. */
static local_profile_reader *local_reader(const run_options *options) {
    return options->stays ? read_local_profile_apart : read_local_profile;
}

/* Makes a manifest of one cap from the options: only the budget is known. Messages name the
 * manifest "options". */
static bool model_from_options(diagnostics *sink, const run_options *options, manifest *out_from,
                               fleet_device *out_device) {
    manifest_model *model = arena_allocate(sink->memory, 1, sizeof *model);
    if (!require(sink, "device", options->device) || !require(sink, "model", options->model) ||
        !require(sink, "memory", options->memory) || !require(sink, "streams", options->streams) ||
        !require(sink, "compute", options->compute) || !read_id(sink, options->model, &model->id) ||
        !read_budget(sink, options, &model->budget)) {
        return false;
    }
    *out_from = (manifest){.path = "options", .models = model, .model_count = 1};
    return find_device(sink, options->device, local_reader(options), out_device);
}

static const char *id_of_model(const void *models, size_t index) {
    return rein_model_id_text(&((const manifest_model *)models)[index].id);
}

/* Reports an unknown model with the nearest id, or with all ids if they are few. */
static bool refuse_model(diagnostics *sink, const manifest *from, const char *name) {
    enum { LISTED_MAX = 8 };
    arena *memory = sink->memory;
    size_t count = from->model_count;
    report_in_file(sink, from->path, "unknown model %s%s", text_quote(memory, name),
                   count <= LISTED_MAX
                       ? suggest_or_list(memory, name, from->models, count, id_of_model)
                       : suggest(memory, name, "", from->models, count, id_of_model));
    return false;
}

/* Returns an option that states a part of the budget, or NULL. */
static const char *budget_option(const run_options *options) {
    if (options->memory != NULL) {
        return "--memory";
    }
    if (options->streams != NULL) {
        return "--streams";
    }
    return options->compute != NULL ? "--compute" : NULL;
}

static bool model_from_manifest(diagnostics *sink, const run_options *options, manifest *out_from,
                                fleet_device *out_device) {
    const char *beside = budget_option(options);
    if (beside != NULL) {
        return refuse_both(sink, beside, "--manifest", "the manifest states the budget");
    }
    manifest from;
    if (!require(sink, "model", options->model) || !manifest_read(sink, options->manifest, &from)) {
        return false;
    }
    for (size_t index = 0; index < from.model_count; index++) {
        if (strcmp(rein_model_id_text(&from.models[index].id), options->model) == 0) {
            from.models += index;
            from.model_count = 1;
            from.device.processes = (stated_count){.is_stated = false};
            *out_from = from;
            return find_manifest_device(sink, options->device, out_from, local_reader(options),
                                        out_device);
        }
    }
    return refuse_model(sink, &from, options->model);
}

bool run_model_gather(diagnostics *sink, const run_options *options, fleet *out_fleet) {
    manifest *from = arena_allocate(sink->memory, 1, sizeof *from);
    fleet_device device;
    plan_effort effort = plan_effort_default();
    if (!option_number(sink, "effort", options->effort, 0, UINT64_MAX, &effort.steps)) {
        return false;
    }
    bool is_read = options->manifest == NULL ? model_from_options(sink, options, from, &device)
                                             : model_from_manifest(sink, options, from, &device);
    return is_read && fleet_gather(sink, from, &device, &effort, out_fleet);
}
