#include "cli/write/json.h"
#include "cli/inspect/report.h"

static void add_files(json_object *document, const model_description *model) {
    json_object *files = json_add_array(document, "files");
    for (size_t index = 0; index < model->file_count; index++) {
        json_append_text(files, model->files[index]);
    }
}

static void add_weights(json_object *document, const model_description *model) {
    json_object *weights = json_add_object(document, "weights");
    json_add_fact(weights, "file_bytes", model->weights.file_bytes);
    json_add_fact(weights, "device_bytes", model->weights.device_bytes);
    json_add_fact(weights, "host_bytes", model->weights.host_bytes);
    json_object *types = json_add_array(weights, "types");
    for (size_t index = 0; index < model->type_count; index++) {
        const weight_type *type = &model->types[index];
        json_object *added = json_append_object(types);
        json_add_text(added, "type", type->name);
        json_add_unsigned(added, "parameters", type->element_count);
        json_add_unsigned(added, "bytes", type->size_bytes);
    }
}

static void add_state(json_object *document, const model_description *model) {
    const rein_model_state *told = &model->state;
    json_object *state = json_add_object(document, "state");
    json_add_fact(state, "total_bytes", told->total_bytes);
    json_add_fact(state, "kv_bytes", told->kv_bytes);
    json_add_fact(state, "sliding_window_bytes", told->sliding_window_bytes);
    json_add_fact(state, "recurrent_bytes", told->recurrent_bytes);
    json_add_fact(state, "index_bytes", told->index_bytes);
    json_add_fact(state, "device_bytes", told->device_bytes);
    json_add_fact(state, "host_bytes", told->host_bytes);
    json_add_fact(state, "bytes_per_token", told->bytes_per_token);
    json_add_fact(state, "block_bytes", model->block_bytes);
    json_add_unsigned(state, "block_tokens", model->block_tokens);
}

static void add_context(json_object *document, const model_description *model) {
    json_object *context = json_add_object(document, "context");
    json_add_fact(context, "tokens", model->context.tokens);
    json_add_fact(context, "tokens_per_sequence", model->context.tokens_per_sequence);
    json_add_unsigned(context, "sequences", model->context.sequence_count);
}

static void add_activations(json_object *document, const model_description *model) {
    /* No format states the buffers of an engine. */
    json_object *activations = json_add_object(document, "activations");
    json_add_fact(activations, "bytes", rein_fact_u64_unknown());
    json_add_fact(activations, "graph_peak_bytes", model->graph_peak_bytes);
}

static void add_unknowns(json_object *document, const model_description *model) {
    json_object *unknowns = json_add_array(document, "unknown");
    for (size_t index = 0; index < model->unknown_count; index++) {
        json_object *added = json_append_object(unknowns);
        json_add_text(added, "fact", model->unknowns[index].fact);
        json_add_text(added, "why", model->unknowns[index].why);
    }
}

static void add_inputs(json_object *document, const model_description *model) {
    json_object *inputs = json_add_array(document, "inputs");
    for (size_t index = 0; index < model->input_count; index++) {
        json_object *added = json_append_object(inputs);
        json_add_text(added, "name", model->inputs[index].name);
        json_add_text(added, "value", model->inputs[index].value);
        json_add_text(added, "origin", model->inputs[index].origin);
    }
}

static void add_values(json_object *document, const model_description *model) {
    json_object *values = json_add_array(document, "values");
    for (size_t index = 0; index < model->value_count; index++) {
        json_object *added = json_append_object(values);
        json_add_text(added, "name", model->values[index].name);
        json_add_text(added, "type", model->values[index].type);
        json_add_text(added, "direction", model->values[index].is_output ? "output" : "input");
    }
}

bool inspect_print_json(diagnostics *sink, const model_description *model) {
    json_object *document = json_document("inspect");
    add_files(document, model);
    json_add_text(document, "format", rein_model_format_name(model->format));
    json_add_text(document, "architecture", model->architecture);
    json_add_fact(document, "parameters", model->parameter_count);
    json_add_text(document, "engine",
                  model->engine == NULL ? NULL : rein_engine_name(model->engine->options.engine));
    json_add_text(document, "engine_version",
                  model->engine == NULL ? NULL
                                        : rein_engine_version(model->engine->options.engine));
    add_weights(document, model);
    add_state(document, model);
    add_context(document, model);
    add_activations(document, model);
    add_values(document, model);
    add_inputs(document, model);
    add_unknowns(document, model);
    return json_print(sink, document);
}
