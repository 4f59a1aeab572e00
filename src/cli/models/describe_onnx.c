#include <inttypes.h>
#include <string.h>

#include "cli/base/numbers.h"
#include "cli/base/path.h"
#include "cli/base/text.h"
#include "cli/models/formats.h"
#include "cli/models/onnx_bindings.h"
#include "cli/models/read_workspace.h"

static const char *text_of(arena *memory, const rein_onnx_text *text) {
    return text_printable(memory, arena_copy(memory, text->bytes, text->length));
}

static const char *dimension_text(arena *memory, const rein_onnx_dimension *dimension) {
    if (dimension->extent.is_known) {
        return arena_print(memory, "%" PRIu64, dimension->extent.value);
    }
    return dimension->symbol.length == 0 ? "?" : text_of(memory, &dimension->symbol);
}

/* Returns the type and the extents, in time that is linear in the rank. */
static const char *shape_text(arena *memory, const char *type, const rein_onnx_value *value) {
    growing_text shape = {.text = NULL};
    arena_append(memory, &shape, type);
    arena_append(memory, &shape, "[");
    for (size_t index = 0; index < value->rank; index++) {
        arena_append(memory, &shape, index == 0 ? "" : ",");
        arena_append(memory, &shape, dimension_text(memory, &value->dimensions[index]));
    }
    arena_append(memory, &shape, "]");
    return shape.text;
}

static const char *type_text(arena *memory, const rein_onnx_value *value) {
    if (value->kind != REIN_ONNX_TENSOR && value->kind != REIN_ONNX_SPARSE_TENSOR) {
        return value->kind == REIN_ONNX_CONTAINER ? "not a tensor" : "type not stated";
    }
    const char *type = rein_onnx_type_name(value->element_type);
    return value->has_shape ? shape_text(memory, type, value)
                            : arena_print(memory, "%s, shape not stated", type);
}

static void add_values(arena *memory, const rein_onnx_value *values, size_t count, bool is_output,
                       model_description *target) {
    for (size_t index = 0; index < count; index++) {
        description_add_value(memory, target,
                              (described_value){.name = text_of(memory, &values[index].name),
                                                .type = type_text(memory, &values[index]),
                                                .is_output = is_output});
    }
}

static void add_weights(arena *memory, const rein_onnx *model, model_description *target) {
    for (uint32_t type = 1; type < REIN_ONNX_TYPE_COUNT; type++) {
        const rein_onnx_sum *sum = &model->weights[type];
        if (sum->element_count > 0) {
            description_count_type(memory, target,
                                   (weight_type){.name = rein_onnx_type_name(type),
                                                 .element_count = sum->element_count,
                                                 .size_bytes = sum->size_bytes});
        }
    }
    target->parameter_count = rein_fact_u64_known(model->parameter_count);
    target->weights.file_bytes = model->weights_bytes;
    if (!model->weights_bytes.is_known) {
        description_add_unknown(memory, target, "weights",
                                rein_onnx_reason_text(model->weights_reason));
        return;
    }
    target->weights.device_bytes = model->weights_bytes;
    target->weights.host_bytes = rein_fact_u64_known(0);
}

static void add_bindings(arena *memory, const describe_request *request,
                         model_description *target) {
    for (size_t index = 0; index < request->binding_count; index++) {
        const rein_onnx_binding *binding = &request->bindings[index];
        description_add_input(
            memory, target,
            (described_input){.name = text_printable(memory, binding->symbol),
                              .value = arena_print(memory, "%" PRIu64, binding->extent),
                              .origin = "option"});
    }
}

/* Checks that the files with external data are there and long enough, and lists them. */
static bool check_external_files(diagnostics *sink, const model_file *file, const rein_onnx *model,
                                 model_files *files) {
    for (size_t index = 0; index < model->external_file_count; index++) {
        const rein_onnx_external_file *external = &model->external_files[index];
        const char *name =
            arena_copy(sink->memory, external->location.bytes, external->location.length);
        model_file *opened =
            model_files_open_any(sink, files, path_resolve(sink->memory, file->path, name));
        if (opened == NULL) {
            return false;
        }
        if (opened->source.size_bytes < external->size_bytes) {
            report_in_file(sink, opened->path,
                           "has %" PRIu64 " bytes, and the tensors of %s in it need %" PRIu64,
                           opened->source.size_bytes, text_quote(sink->memory, file->path),
                           external->size_bytes);
            return false;
        }
    }
    return true;
}

static const char *unknown_lifetimes(arena *memory, const rein_onnx_lifetimes *lifetimes) {
    const char *why = rein_onnx_reason_text(lifetimes->reason);
    uint64_t count = lifetimes->unknown_count;
    if (lifetimes->unknown.length == 0) {
        return arena_print(memory, "%s (%" PRIu64 " in the graph)", why, count);
    }
    const char *first =
        text_quote(memory, arena_copy(memory, lifetimes->unknown.bytes, lifetimes->unknown.length));
    return count == 1
               ? arena_print(memory, "%s (tensor %s)", why, first)
               : arena_print(memory, "%s (tensor %s and %" PRIu64 " more)", why, first, count - 1);
}

/* Sets the most bytes that are alive at once. */
static bool set_peak(diagnostics *sink, const model_file *file, model_description *target) {
    /* Smaller than the workspace of the lifetimes themselves. */
    uint64_t bytes = REIN_UNWRAP(rein_lifetime_workspace_bytes(target->lifetime_count));
    rein_workspace workspace = {.memory = arena_allocate(sink->memory, bytes, 1),
                                .size_bytes = bytes};
    rein_result_live_peak peak =
        rein_lifetimes_peak(target->lifetimes, target->lifetime_count, workspace);
    if (!peak.is_ok) {
        return refuse_model_file(sink, file, &peak.as.error);
    }
    target->graph_peak_bytes = rein_fact_u64_known(peak.as.value.bytes);
    return true;
}

static void add_lifetimes(arena *memory, const rein_onnx_lifetimes *lifetimes,
                          model_description *target) {
    if (lifetimes->reason != REIN_ONNX_REASON_NONE) {
        description_add_unknown(memory, target, "lifetimes", unknown_lifetimes(memory, lifetimes));
        return;
    }
    const char **names = arena_allocate(memory, lifetimes->count, sizeof *names);
    for (size_t index = 0; index < lifetimes->count; index++) {
        names[index] = text_of(memory, &lifetimes->names[index]);
    }
    target->lifetimes = lifetimes->lifetimes;
    target->lifetime_names = names;
    target->lifetime_count = lifetimes->count;
}

static bool compute_lifetimes(diagnostics *sink, const rein_onnx_lifetimes_request *request,
                              const model_file *file, rein_workspace workspace,
                              model_description *target) {
    rein_result_onnx_lifetimes lifetimes = rein_onnx_lifetimes_compute(request, workspace);
    if (!lifetimes.is_ok) {
        return refuse_model_file(sink, file, &lifetimes.as.error);
    }
    add_lifetimes(sink->memory, &lifetimes.as.value, target);
    return target->lifetimes == NULL || set_peak(sink, file, target);
}

static bool read_lifetimes(diagnostics *sink, const describe_request *request,
                           const model_file *file, const rein_onnx *model,
                           model_description *target) {
    rein_onnx_lifetimes_request bound =
        rein_onnx_lifetimes_request_make(model, request->granularity_bytes);
    bound.bindings = request->bindings;
    bound.binding_count = request->binding_count;
    rein_result_bytes needed = rein_onnx_lifetimes_workspace_bytes(&bound);
    rein_workspace workspace;
    return read_workspace_make(sink, file, needed, &workspace) &&
           compute_lifetimes(sink, &bound, file, workspace, target);
}

static bool read_model(diagnostics *sink, const model_file *file, rein_onnx *out_model) {
    rein_workspace workspace;
    if (!read_workspace_make(sink, file, rein_onnx_workspace_bytes(&file->source), &workspace)) {
        return false;
    }
    rein_result_onnx read = rein_onnx_read(&file->source, workspace);
    if (!read.is_ok) {
        return refuse_model_file(sink, file, &read.as.error);
    }
    *out_model = read.as.value;
    return true;
}

bool describe_onnx(diagnostics *sink, const describe_request *request, model_files *files,
                   model_description *target) {
    const model_file *file = files->files[0];
    rein_onnx *model = arena_allocate(sink->memory, 1, sizeof *model);
    if (files->count > 1) {
        report_in_file(sink, files->files[1]->path,
                       "is a second model beside %s; inspect one model at a time",
                       text_quote(sink->memory, file->path));
        return false;
    }
    if (!read_model(sink, file, model) || !onnx_bindings_check(sink, request, file, model) ||
        !check_external_files(sink, file, model, files) ||
        !read_lifetimes(sink, request, file, model, target)) {
        return false;
    }
    add_weights(sink->memory, model, target);
    add_bindings(sink->memory, request, target);
    add_values(sink->memory, model->inputs, model->input_count, false, target);
    add_values(sink->memory, model->outputs, model->output_count, true, target);
    description_add_unknown(sink->memory, target, "activations",
                            "the engine's arenas and workspaces are not in the file; measure them");
    description_set_no_state(target);
    return true;
}
