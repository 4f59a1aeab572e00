#include "cli/fleet/described_models.h"

#include <inttypes.h>
#include <string.h>

#include "cli/base/numbers.h"
#include "cli/base/path.h"

/* A manifest and where its errors go. */
typedef struct manifest_check {
    diagnostics *sink;
    const char *path;
} manifest_check;

static sourced_number number_stated(const stated_bytes *stated) {
    return (sourced_number){.fact = stated_bytes_fact(stated),
                            .origin = stated->is_stated ? NUMBER_FROM_MANIFEST : NUMBER_UNKNOWN,
                            .at = stated->at};
}

/* Returns the number of the manifest, or else that of the model's files. */
static sourced_number number_of(const stated_bytes *stated, rein_fact_u64 in_files,
                                position files_at) {
    if (stated->is_stated) {
        return number_stated(stated);
    }
    return (sourced_number){.fact = in_files,
                            .origin = in_files.is_known ? NUMBER_FROM_FILE : NUMBER_UNKNOWN,
                            .at = files_at};
}

describe_request fleet_describe_request(arena *memory, const fleet *target,
                                        const manifest_model *stated) {
    const char **paths = arena_allocate(memory, stated->files.count, sizeof *paths);
    for (size_t index = 0; index < stated->files.count; index++) {
        paths[index] = path_resolve(memory, target->from->path, stated->files.paths[index]);
    }
    rein_fact_u64 granularity = target->granularity.fact;
    describe_request request = {
        .paths = paths,
        .path_count = stated->files.count,
        .options = rein_engine_options_make(REIN_ENGINE_LLAMA_SERVER),
        .option_names = engine_keys,
        .bindings = stated->bindings.bindings,
        .binding_count = stated->bindings.count,
        .granularity_bytes = granularity.is_known ? granularity.value : 1,
    };
    if (stated->engine.is_stated) {
        request.options = stated->engine.options;
        request.stated_options = stated->engine.options_stated;
    }
    return request;
}

/* Reports a stated size that is less than what the files say, and returns false. */
static bool check_not_less(const manifest_check *into, const char *key, const stated_bytes *stated,
                           uint64_t bytes, rein_fact_u64 in_files) {
    if (!stated->is_stated || !in_files.is_known || bytes >= in_files.value) {
        return true;
    }
    arena *memory = into->sink->memory;
    report_at(
        into->sink, into->path, stated->at,
        "%s: %s is less than the %s that the model's files state; remove the key, or state more",
        key, plain_bytes(memory, bytes), plain_bytes(memory, in_files.value));
    return false;
}

/* Reports sequences that the engine does not run, and returns false. Without a known engine, the
 * number counts only if the manifest states it as `parallel`. */
static bool check_sequences(const manifest_check *into, const manifest_model *stated,
                            const model_description *described) {
    const stated_count *sequences = &stated->sequences;
    uint64_t run_count = described->context.sequence_count;
    bool is_run = described->engine != NULL || stated->engine.options.parallel.is_known;
    if (!sequences->is_stated || !is_run || run_count == 0 || sequences->count == run_count) {
        return true;
    }
    report_at(into->sink, into->path, sequences->at,
              "sequences: %" PRIu64 " contradicts the engine, which runs %" PRIu64
              "; remove the key, or change parallel of the engine",
              sequences->count, run_count);
    return false;
}

/* Returns the state that the manifest states of all sequences, at most UINT64_MAX. */
static uint64_t stated_state(const manifest_model *stated) {
    uint64_t bytes = 0;
    return __builtin_mul_overflow(stated->state.bytes, stated->sequences.count, &bytes) ? UINT64_MAX
                                                                                        : bytes;
}

static uint64_t known_bytes(rein_fact_u64 fact) {
    return fact.is_known ? fact.value : 0;
}

/* Reports a measured peak that is less than what the engine allocates for the weights and the
 * state, and returns false. */
static bool check_measured(const manifest_check *into, const fleet_model *model) {
    const model_description *described = model->described;
    if (model->measured == NULL || described->engine == NULL) {
        return true;
    }
    arena *memory = into->sink->memory;
    uint64_t peak = model->measured->peak_bytes;
    uint64_t weights = known_bytes(described->weights.device_bytes);
    uint64_t state = known_bytes(described->state.device_bytes);
    if (peak >= weights && peak - weights >= state) {
        return true;
    }
    report_at(into->sink, into->path, model->stated->measured.at,
              "the measured peak, %s, is less than the weights, %s, with the state, %s; state the "
              "options that the engine was measured with, such as gpu_layers",
              plain_bytes(memory, peak), plain_bytes(memory, weights), plain_bytes(memory, state));
    return false;
}

static bool check_stated(const manifest_check *into, const manifest_model *stated,
                         const model_description *described) {
    if (!check_sequences(into, stated, described)) {
        return false;
    }
    bool weights_are_sound = check_not_less(into, "weights", &stated->weights,
                                            stated->weights.bytes, described->weights.device_bytes);
    bool state_is_sound = check_not_less(into, "state", &stated->state, stated_state(stated),
                                         described->state.device_bytes);
    return weights_are_sound && state_is_sound;
}

/* Sets the state: of each sequence if the manifest states it, else of all together. */
static void set_state(const manifest_model *stated, fleet_model *model) {
    const rein_model_state *state = &model->described->state;
    if (stated->state.is_stated) {
        return;
    }
    model->state = number_of(&stated->state, state->device_bytes, stated->files.at);
    model->sequence_count = state->total_bytes.is_known && state->total_bytes.value == 0 ? 0 : 1;
}

void fleet_set_stated(fleet_model *model) {
    model->weights = number_stated(&model->stated->weights);
    model->state = number_stated(&model->stated->state);
    model->sequence_count = model->stated->sequences.count;
}

void fleet_set_described(fleet_model *model, const model_description *described) {
    const manifest_model *stated = model->stated;
    model->described = described;
    model->weights = number_of(&stated->weights, described->weights.device_bytes, stated->files.at);
    set_state(stated, model);
}

bool fleet_set_description(diagnostics *sink, const fleet *target,
                           const model_description *described, fleet_model *model) {
    const manifest_check into = {.sink = sink, .path = target->from->path};
    fleet_set_described(model, described);
    return check_stated(&into, model->stated, described) && check_measured(&into, model);
}

static bool describe(const manifest_check *into, const fleet *target, fleet_model *model) {
    const manifest_model *stated = model->stated;
    describe_request request = fleet_describe_request(into->sink->memory, target, stated);
    model_description *described = arena_allocate(into->sink->memory, 1, sizeof *described);
    if (!model_describe(into->sink, &request, described)) {
        note_at(into->sink, into->path, stated->files.at, "named here as the files of model '%s'",
                rein_model_id_text(&stated->id));
        return false;
    }
    if (stated->follows_plan.is_set && described->lifetimes != NULL) {
        model->lifetimes_path = described->files[0];
        model->lifetimes_at = stated->files.at;
    }
    return fleet_set_description(into->sink, target, described, model);
}

bool fleet_describe_models(diagnostics *sink, fleet *target) {
    const manifest_check into = {.sink = sink, .path = target->from->path};
    bool is_sound = true;
    for (size_t index = 0; index < target->model_count; index++) {
        fleet_model *model = &target->models[index];
        fleet_set_stated(model);
        if (model->stated->files.count > 0) {
            is_sound = describe(&into, target, model) && is_sound;
        }
    }
    return is_sound;
}

lifetimes_file described_lifetimes(arena *memory, const fleet_model *model) {
    const model_description *described = model->described;
    size_t count = described->lifetime_count;
    lifetimes_file file = {.path = described->files[0], .count = count};
    file.ids = arena_allocate(memory, count, sizeof *file.ids);
    file.lifetimes = arena_allocate(memory, count, sizeof *file.lifetimes);
    memcpy(file.ids, described->lifetime_names, count * sizeof *file.ids);
    memcpy(file.lifetimes, described->lifetimes, count * sizeof *file.lifetimes);
    return file;
}
