#include <inttypes.h>
#include <string.h>

#include "cli/inspect/report.h"
#include "cli/write/yaml.h"

static void write_files(const describe_request *request, FILE *stream) {
    bool is_list = request->path_count > 1;
    fputs(is_list ? "    file: [" : "    file: ", stream);
    for (size_t index = 0; index < request->path_count; index++) {
        fputs(index == 0 ? "" : ", ", stream);
        yaml_write_text(stream, request->paths[index]);
    }
    fputs(is_list ? "]\n" : "\n", stream);
}

/* The mapping of an engine while it is written. */
typedef struct engine_mapping {
    arena *memory;
    FILE *stream;
    size_t column; /* 0: nothing is written yet */
} engine_mapping;

/* Writes an entry; starts a new line if it would pass the last column. */
static void write_entry(engine_mapping *into, const char *key, const char *value) {
    static const char start[] = "    engine: {";
    enum { START_COLUMN = sizeof start - 1, LAST_COLUMN = 80 };
    const char *entry = arena_print(into->memory, "%s: %s", key, value);
    size_t columns = strlen(entry);
    if (into->column == 0) {
        fputs(start, into->stream);
        into->column = START_COLUMN;
    } else if (into->column + strlen(", ") + columns + strlen(",") > LAST_COLUMN) {
        fprintf(into->stream, ",\n%*s", START_COLUMN, "");
        into->column = START_COLUMN;
    } else {
        fputs(", ", into->stream);
        into->column += strlen(", ");
    }
    fputs(entry, into->stream);
    into->column += columns;
}

static void write_number(engine_mapping *into, const char *key, rein_fact_u64 number) {
    /* UINT64_MAX means all layers, which is the default. */
    if (number.is_known && number.value != UINT64_MAX) {
        write_entry(into, key, arena_print(into->memory, "%" PRIu64, number.value));
    }
}

static void write_kv_type(engine_mapping *into, const rein_engine_options *options) {
    const char *k_type = rein_cache_type_name(options->k_type);
    if (options->k_type == REIN_CACHE_UNSET) {
        return;
    }
    write_entry(
        into, "kv_type",
        options->k_type == options->v_type
            ? k_type
            : arena_print(into->memory, "'%s,%s'", k_type, rein_cache_type_name(options->v_type)));
}

static void write_switch(engine_mapping *into, const char *key, rein_switch setting) {
    if (setting != REIN_SWITCH_UNSET) {
        write_entry(into, key, rein_switch_name(setting));
    }
}

/* Writes the options that the numbers follow from: all with which an engine runs, or those that the
 * user stated if the format has no engine. */
static void write_engine(arena *memory, const describe_request *request,
                         const model_description *model, FILE *stream) {
    const rein_engine_options *options =
        model->engine == NULL ? &request->options : &model->engine->options;
    engine_mapping into = {.memory = memory, .stream = stream};
    if (model->engine != NULL) {
        write_entry(&into, "name", rein_engine_name(options->engine));
    }
    write_number(&into, "context", options->context);
    write_number(&into, "parallel", options->parallel);
    write_kv_type(&into, options);
    write_number(&into, "batch", options->batch);
    write_number(&into, "ubatch", options->ubatch);
    write_switch(&into, "flash_attention", options->flash_attention);
    write_switch(&into, "unified_kv", options->unified_kv);
    write_switch(&into, "swa_full", options->swa_full);
    write_number(&into, "gpu_layers", options->gpu_layers);
    fputs(into.column > 0 ? "}\n" : "", stream);
}

static void write_bindings(const describe_request *request, FILE *stream) {
    if (request->binding_count == 0) {
        return;
    }
    fputs("    bind: {", stream);
    for (size_t index = 0; index < request->binding_count; index++) {
        const rein_onnx_binding *binding = &request->bindings[index];
        fputs(index == 0 ? "" : ", ", stream);
        yaml_write_text(stream, binding->symbol);
        fprintf(stream, ": %" PRIu64, binding->extent);
    }
    fputs("}\n", stream);
}

void inspect_write_manifest_lines(arena *memory, const describe_request *request,
                                  const model_description *model, FILE *stream) {
    write_files(request, stream);
    write_engine(memory, request, model, stream);
    write_bindings(request, stream);
}
