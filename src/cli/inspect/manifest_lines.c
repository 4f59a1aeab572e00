#include <inttypes.h>

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

static void write_number(FILE *stream, const char *key, rein_fact_u64 number) {
    /* UINT64_MAX means all layers. The key cannot state that, but it is the default. */
    if (number.is_known && number.value != UINT64_MAX) {
        fprintf(stream, ", %s: %" PRIu64, key, number.value);
    }
}

static void write_kv_type(FILE *stream, const rein_engine_options *options) {
    const char *k_type = rein_cache_type_name(options->k_type);
    if (options->k_type == options->v_type) {
        fprintf(stream, ", kv_type: %s", k_type);
    } else {
        fprintf(stream, ", kv_type: '%s,%s'", k_type, rein_cache_type_name(options->v_type));
    }
}

static void write_engine(const rein_engine_options *options, FILE *stream) {
    fprintf(stream, "    engine: {name: %s", rein_engine_name(options->engine));
    write_number(stream, "context", options->context);
    write_number(stream, "parallel", options->parallel);
    write_kv_type(stream, options);
    write_number(stream, "batch", options->batch);
    write_number(stream, "ubatch", options->ubatch);
    fprintf(stream, ",\n             flash_attention: %s, unified_kv: %s, swa_full: %s",
            rein_switch_name(options->flash_attention), rein_switch_name(options->unified_kv),
            rein_switch_name(options->swa_full));
    write_number(stream, "gpu_layers", options->gpu_layers);
    fputs("}\n", stream);
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

void inspect_write_manifest_lines(const describe_request *request, const model_description *model,
                                  FILE *stream) {
    write_files(request, stream);
    if (model->engine != NULL) {
        write_engine(&model->engine->options, stream);
    }
    write_bindings(request, stream);
}
