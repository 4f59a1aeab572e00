#include "cli/read/manifest.h"

#include "cli/base/text.h"
#include "cli/read/duplicates.h"

enum { MANIFEST_BYTES_MAX = 16 * 1024 * 1024 };

/* Checks a value of a budget by the library's rules. The other two values must be valid. */
static bool check_budget_value(const field_reader *reader, const node *value,
                               const rein_resource_budget *budget) {
    if (rein_resource_budget_is_valid(budget)) {
        return true;
    }
    return refuse_zero(reader, value);
}

static bool read_memory_limit(const field_reader *reader, const node *value, void *out_bytes) {
    rein_resource_budget budget = rein_resource_budget_default();
    if (!read_bytes(reader, value, &budget.memory_limit_bytes) ||
        !check_budget_value(reader, value, &budget)) {
        return false;
    }
    *(uint64_t *)out_bytes = budget.memory_limit_bytes;
    return true;
}

static bool read_stream_limit(const field_reader *reader, const node *value, void *out_count) {
    rein_resource_budget budget = rein_resource_budget_default();
    if (!read_int32(reader, value, &budget.stream_limit) ||
        !check_budget_value(reader, value, &budget)) {
        return false;
    }
    *(int32_t *)out_count = budget.stream_limit;
    return true;
}

static bool read_compute_budget(const field_reader *reader, const node *value, void *out_duration) {
    rein_resource_budget budget = rein_resource_budget_default();
    if (!read_duration(reader, value, &budget.compute_budget) ||
        !check_budget_value(reader, value, &budget)) {
        return false;
    }
    *(rein_duration *)out_duration = budget.compute_budget;
    return true;
}

/* Reads the model's budget, including the key that rein_resource_budget does not have. */
static bool read_budget(const field_reader *reader, const node *value, void *out_model) {
    enum { BUDGET = offsetof(manifest_model, budget) };
    static const field fields[] = {
        {"memory", true, read_memory_limit,
         BUDGET + offsetof(rein_resource_budget, memory_limit_bytes)},
        {"streams", true, read_stream_limit, BUDGET + offsetof(rein_resource_budget, stream_limit)},
        {"compute", true, read_compute_budget,
         BUDGET + offsetof(rein_resource_budget, compute_budget)},
        {"limit_includes_context", false, read_stated_flag,
         offsetof(manifest_model, limit_includes_context)},
    };
    static const field_table table = {
        .noun = "a budget", .fields = fields, .count = FIELD_COUNT(fields)};
    return fields_read(reader, value, &table, out_model);
}

static bool read_model_id(const field_reader *reader, const node *value, void *out_id) {
    static const value_form form = {"a model id", "a text of 1 to 127 bytes"};
    const char *text = read_text(reader, value, &form);
    if (text == NULL) {
        return false;
    }
    rein_result_model_id made = rein_model_id_make(text);
    if (rein_result_model_id_is_error(made)) {
        report_at(reader->sink, reader->file, value->at, "model id %s: %s",
                  text_quote(reader->sink->memory, text),
                  error_text(reader->sink->memory, &REIN_ERROR(made)));
        return false;
    }
    *(rein_model_id *)out_id = REIN_VALUE(made);
    return true;
}

static bool is_before(position left, position right) {
    return left.line != right.line ? left.line < right.line : left.column < right.column;
}

/* A model must not state both lifetimes and activations, even if they agree. */
static bool check_activations(const field_reader *reader, const manifest_model *model) {
    if (!model->activations.is_stated || model->lifetimes.text == NULL) {
        return true;
    }
    position first = model->lifetimes.at;
    position second = model->activations.at;
    bool is_in_order = is_before(first, second);
    position other = is_in_order ? first : second;
    report_at(
        reader->sink, reader->file, is_in_order ? second : first,
        "lifetimes and activations contradict each other; remove one (the other is at %zu:%zu)",
        other.line, other.column);
    return false;
}

/* Reports a key that has no meaning without the key `file`, and returns false. */
static bool check_file(const field_reader *reader, const manifest_model *model) {
    const struct {
        const char *key;
        bool is_stated;
        position at;
    } keys[] = {{"engine", model->engine.is_stated, model->engine.at},
                {"bind", model->bindings.is_stated, model->bindings.at},
                {"follows_plan", model->follows_plan.is_stated, model->follows_plan.at}};
    for (size_t index = 0; index < sizeof keys / sizeof keys[0] && model->files.count == 0;
         index++) {
        if (keys[index].is_stated) {
            report_at(reader->sink, reader->file, keys[index].at,
                      "the key '%s' needs the key 'file': the model's file", keys[index].key);
            return false;
        }
    }
    return true;
}

static bool check_inclusive(const field_reader *reader, const manifest_model *model) {
    if (!model->lifetimes_inclusive.is_stated || model->lifetimes.text != NULL) {
        return true;
    }
    report_at(reader->sink, reader->file, model->lifetimes_inclusive.at,
              "the key 'lifetimes_inclusive' needs the key 'lifetimes': the file that it is about");
    return false;
}

/* The plan of the graph is the activations, so that nothing else may be. */
static bool check_plan(const field_reader *reader, const manifest_model *model) {
    bool has_lifetimes = model->lifetimes.text != NULL;
    if (!model->follows_plan.is_set || (!has_lifetimes && !model->activations.is_stated)) {
        return true;
    }
    report_at(reader->sink, reader->file, model->follows_plan.at,
              "follows_plan and %s contradict each other; remove one",
              has_lifetimes ? "lifetimes" : "activations");
    return false;
}

/* Without `sequences`, the state would silently count as zero. */
static bool check_state(const field_reader *reader, const manifest_model *model) {
    if (!model->state.is_stated || model->sequences.is_stated) {
        return true;
    }
    report_at(reader->sink, reader->file, model->state.at,
              "the key 'state' needs the key 'sequences': how many sequences keep state at once");
    return false;
}

static bool read_model(const field_reader *reader, const node *value, manifest_model *out_model) {
    static const field fields[] = {
        {"id", true, read_model_id, offsetof(manifest_model, id)},
        {"budget", true, read_budget, 0},
        {"weights", false, read_stated_bytes, offsetof(manifest_model, weights)},
        {"activations", false, read_stated_bytes, offsetof(manifest_model, activations)},
        {"lifetimes", false, read_stated_text, offsetof(manifest_model, lifetimes)},
        {"lifetimes_inclusive", false, read_stated_flag,
         offsetof(manifest_model, lifetimes_inclusive)},
        {"load_peak", false, read_stated_bytes, offsetof(manifest_model, load_peak)},
        {"concurrent", false, read_positive_count, offsetof(manifest_model, concurrent)},
        {"sequences", false, read_stated_count, offsetof(manifest_model, sequences)},
        {"state", false, read_stated_bytes, offsetof(manifest_model, state)},
        {"processes", false, read_positive_count, offsetof(manifest_model, processes)},
        {"growth", false, read_stated_growth, offsetof(manifest_model, growth)},
        {"file", false, read_stated_paths, offsetof(manifest_model, files)},
        {"engine", false, read_stated_engine, offsetof(manifest_model, engine)},
        {"bind", false, read_stated_bindings, offsetof(manifest_model, bindings)},
        {"follows_plan", false, read_stated_flag, offsetof(manifest_model, follows_plan)},
        {"measured", false, read_stated_text, offsetof(manifest_model, measured)},
    };
    static const field_table table = {
        .noun = "a model", .fields = fields, .count = FIELD_COUNT(fields)};
    if (!fields_read(reader, value, &table, out_model)) {
        return false;
    }
    out_model->id_at = find_entry(value, "id")->value->at;
    return check_activations(reader, out_model) && check_state(reader, out_model) &&
           check_inclusive(reader, out_model) && check_file(reader, out_model) &&
           check_plan(reader, out_model);
}

static bool check_unique_ids(const field_reader *reader, const manifest *read) {
    arena *memory = reader->sink->memory;
    const char **ids = arena_allocate(memory, read->model_count, sizeof *ids);
    for (size_t index = 0; index < read->model_count; index++) {
        ids[index] = rein_model_id_text(&read->models[index].id);
    }
    size_t first = 0;
    size_t again = 0;
    if (!find_duplicate(memory, ids, read->model_count, NULL, &first, &again)) {
        return true;
    }
    const found_name repeated = {"model id", ids[again], read->models[again].id_at};
    return refuse_duplicate(reader->sink, reader->file, &repeated, read->models[first].id_at);
}

static bool read_models(const field_reader *reader, const node *value, void *out_manifest) {
    manifest *target = out_manifest;
    static const value_form form = {"a list of models", "a list: '- ' before each model"};
    if (!expect_kind(reader, value, NODE_SEQUENCE, &form)) {
        return false;
    }
    if (value->entry_count == 0) {
        report_at(reader->sink, reader->file, value->at,
                  "the list of models is empty; add at least one model");
        return false;
    }
    target->models =
        arena_allocate(reader->sink->memory, value->entry_count, sizeof *target->models);
    target->model_count = value->entry_count;
    bool is_sound = true;
    for (size_t index = 0; index < value->entry_count; index++) {
        is_sound =
            read_model(reader, value->entries[index].value, &target->models[index]) && is_sound;
    }
    return is_sound && check_unique_ids(reader, target);
}

static bool read_device(const field_reader *reader, const node *value, void *out_device) {
    static const field fields[] = {
        {"profile", false, read_stated_text, offsetof(manifest_device, profile)},
        {"headroom", false, read_stated_bytes, offsetof(manifest_device, headroom)},
        {"context_overhead", false, read_stated_bytes, offsetof(manifest_device, context_overhead)},
        {"granularity", false, read_positive_bytes, offsetof(manifest_device, granularity)},
        {"pool_growth", false, read_positive_bytes, offsetof(manifest_device, pool_growth)},
        {"processes", false, read_positive_count, offsetof(manifest_device, processes)},
        {"reserved", false, read_stated_bytes, offsetof(manifest_device, reserved)},
    };
    static const field_table table = {
        .noun = "the device", .fields = fields, .count = FIELD_COUNT(fields)};
    return fields_read(reader, value, &table, out_device);
}

bool manifest_read_text(diagnostics *sink, const input_file *file, manifest *out_manifest) {
    static const field fields[] = {
        {"schema", true, read_schema, 0},
        {"device", false, read_device, offsetof(manifest, device)},
        {"models", true, read_models, 0},
    };
    static const field_table table = {
        .noun = "a manifest", .fields = fields, .count = FIELD_COUNT(fields)};
    manifest read = {.path = file->path};
    if (!read_document(sink, file, &table, &read)) {
        return false;
    }
    *out_manifest = read;
    return true;
}

bool manifest_read(diagnostics *sink, const char *path, manifest *out_manifest) {
    input_file file;
    return input_file_read(sink, path, "a manifest", MANIFEST_BYTES_MAX, &file) &&
           manifest_read_text(sink, &file, out_manifest);
}
