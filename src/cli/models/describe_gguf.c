#include <inttypes.h>
#include <string.h>

#include "cli/base/path.h"
#include "cli/base/text.h"
#include "cli/models/gguf_parts.h"

static rein_result_void compute(const rein_gguf *parts, size_t count,
                                const rein_engine_options *options, rein_model_memory *out_memory) {
    rein_model_memory_request request = rein_model_memory_request_make(parts, count, *options);
    *out_memory = rein_model_memory_make();
    return rein_model_memory_compute(&request, out_memory);
}

static rein_fact_u64 sum_of(rein_fact_u64 left, rein_fact_u64 right) {
    return left.is_known && right.is_known ? rein_fact_u64_known(left.value + right.value)
                                           : rein_fact_u64_unknown();
}

static void add_weights(rein_model_weights *target, const rein_model_weights *added) {
    target->file_bytes = sum_of(target->file_bytes, added->file_bytes);
    target->device_bytes = sum_of(target->device_bytes, added->device_bytes);
    target->host_bytes = sum_of(target->host_bytes, added->host_bytes);
}

static void count_tensors(arena *memory, const gguf_parts *read, model_description *target) {
    uint64_t parameters = 0;
    for (size_t index = 0; index < read->count; index++) {
        const rein_gguf *gguf = &read->parts[index].gguf;
        for (size_t at = 0; at < gguf->tensor_count; at++) {
            const rein_gguf_tensor *tensor = &gguf->tensors[at];
            parameters += tensor->element_count;
            description_count_type(memory, target,
                                   (weight_type){.name = rein_gguf_type_find(tensor->type)->name,
                                                 .element_count = tensor->element_count,
                                                 .size_bytes = tensor->size_bytes});
        }
    }
    target->parameter_count = rein_fact_u64_known(parameters);
}

static const char *input_text(arena *memory, const rein_memory_input *input) {
    if (input->text != NULL) {
        return input->text;
    }
    const char *value = arena_print(memory, "%" PRIu64, input->value);
    return input->count == 1
               ? value
               : arena_print(memory, "%" PRIu64 " values, at most %s", input->count, value);
}

/* Adds the unknown facts whose rein_memory_fact is a bit of `facts`. */
static void add_unknowns(arena *memory, const rein_model_memory *computed, uint32_t facts,
                         model_description *target) {
    for (size_t index = 0; index < computed->unknown_count; index++) {
        const rein_memory_unknown *unknown = &computed->unknowns[index];
        if ((facts >> unknown->fact & 1U) == 0) {
            continue;
        }
        const char *about = text_printable(memory, unknown->about);
        const char *fact = rein_memory_fact_name(unknown->fact);
        bool repeats = strcmp(about, fact) == 0;
        description_add_unknown(memory, target, fact,
                                *about == '\0' || repeats
                                    ? unknown->reason
                                    : arena_print(memory, "%s: %s", about, unknown->reason));
    }
}

static void add_memory(arena *memory, const rein_model_memory *computed,
                       model_description *target) {
    target->architecture =
        *computed->architecture == '\0' ? NULL : arena_print(memory, "%s", computed->architecture);
    target->state = computed->state;
    target->context = computed->context;
    add_unknowns(memory, computed, UINT32_MAX, target);
    for (size_t index = 0; index < computed->input_count; index++) {
        const rein_memory_input *input = &computed->inputs[index];
        if (path_ends_in(input->name, ".context_length")) {
            target->trained_tokens = rein_fact_u64_known(input->value);
        }
        description_add_input(memory, target,
                              (described_input){.name = text_printable(memory, input->name),
                                                .value = input_text(memory, input),
                                                .origin = rein_memory_origin_name(input->origin)});
    }
}

/* The files of the model itself, and the memory of the files beside it: projectors and adapters. */
typedef struct gguf_roles {
    rein_gguf *parts; /* of the model, in order */
    size_t part_count;
    uint64_t split_count;      /* as the files of the model state it */
    const model_file *model;   /* its first file; NULL if there is none */
    rein_model_memory *beside; /* of each file that runs beside it */
    const model_file **beside_files;
    size_t beside_count;
} gguf_roles;

/* Adds a file to those beside the model. */
static void add_beside(const model_file *file, const rein_model_memory *memory, gguf_roles *roles) {
    roles->beside_files[roles->beside_count] = file;
    roles->beside[roles->beside_count++] = *memory;
}

/* Adds a file to those of the model. Reports a second model and returns false. */
static bool add_part(diagnostics *sink, const gguf_part *part, gguf_roles *roles) {
    bool is_second = part->split_count == 1 || part->split_count != roles->split_count;
    if (roles->part_count > 0 && is_second) {
        report_in_file(sink, part->file->path,
                       "is a second model beside %s; inspect one model at a time",
                       text_quote(sink->memory, roles->model->path));
        return false;
    }
    if (roles->part_count == 0) {
        roles->model = part->file;
        roles->split_count = part->split_count;
    }
    roles->parts[roles->part_count++] = part->gguf;
    return true;
}

/* Decides whether a file is of the model or beside it. Parts of a split model are of the model:
 * only the first has the metadata that states the kind. Reports errors and returns false. */
static bool assign_role(diagnostics *sink, const describe_request *request, const gguf_part *part,
                        gguf_roles *roles) {
    if (part->split_count > 1) {
        return add_part(sink, part, roles);
    }
    rein_model_memory alone;
    rein_result_void computed = compute(&part->gguf, 1, &request->options, &alone);
    if (!computed.is_ok) {
        return refuse_model_file(sink, part->file, &computed.as.error);
    }
    if (alone.kind == REIN_MODEL_KIND_MODEL) {
        return add_part(sink, part, roles);
    }
    add_beside(part->file, &alone, roles);
    return true;
}

static bool assign_roles(diagnostics *sink, const describe_request *request, const gguf_parts *read,
                         gguf_roles *roles) {
    arena *memory = sink->memory;
    roles->parts = arena_allocate(memory, read->count, sizeof *roles->parts);
    roles->beside = arena_allocate(memory, read->count, sizeof *roles->beside);
    roles->beside_files = arena_allocate(memory, read->count, sizeof(model_file *));
    for (size_t index = 0; index < read->count; index++) {
        if (!assign_role(sink, request, &read->parts[index], roles)) {
            return false;
        }
    }
    return true;
}

/* Adds why the place of the weights of a file beside the model is unknown, if it is. */
static void add_unknown_place(arena *memory, const gguf_roles *roles, size_t beside,
                              model_description *target) {
    const rein_model_memory *computed = &roles->beside[beside];
    for (size_t index = 0; index < computed->unknown_count; index++) {
        if (computed->unknowns[index].fact == REIN_MEMORY_WEIGHTS_PLACE) {
            const char *path = text_printable(memory, roles->beside_files[beside]->path);
            description_add_unknown(
                memory, target, rein_memory_fact_name(REIN_MEMORY_WEIGHTS_PLACE),
                arena_print(memory, "%s: %s", path, computed->unknowns[index].reason));
        }
    }
}

/* Computes the memory of the model, or of the first file beside it if there is no model. */
static bool compute_model(diagnostics *sink, const describe_request *request,
                          const gguf_roles *roles, rein_model_memory *out_computed) {
    if (roles->model == NULL) {
        *out_computed = roles->beside[0];
        return true;
    }
    rein_result_void computed =
        compute(roles->parts, roles->part_count, &request->options, out_computed);
    if (!computed.is_ok) {
        return refuse_model_file(sink, roles->model, &computed.as.error);
    }
    return true;
}

bool describe_gguf(diagnostics *sink, const describe_request *request, model_files *files,
                   model_description *target) {
    gguf_parts read;
    gguf_roles roles = {.model = NULL};
    rein_model_memory computed;
    if (!gguf_parts_read(sink, files, &read) || !assign_roles(sink, request, &read, &roles) ||
        !compute_model(sink, request, &roles, &computed)) {
        return false;
    }
    files->metadata = roles.model;
    files->parts = roles.parts;
    files->part_count = roles.part_count;
    add_memory(sink->memory, &computed, target);
    target->weights = computed.weights;
    for (size_t index = roles.model == NULL ? 1 : 0; index < roles.beside_count; index++) {
        add_weights(&target->weights, &roles.beside[index].weights);
        add_unknown_place(sink->memory, &roles, index, target);
    }
    count_tensors(sink->memory, &read, target);
    rein_engine_settings *engine = arena_allocate(sink->memory, 1, sizeof *engine);
    *engine = REIN_UNWRAP(rein_engine_options_resolve(&request->options));
    target->engine = engine;
    return true;
}

bool describe_gguf_state(diagnostics *sink, const describe_request *request,
                         const model_files *files, model_description *target) {
    rein_model_memory computed;
    rein_result_void done = compute(files->parts, files->part_count, &request->options, &computed);
    if (!done.is_ok) {
        return refuse_model_file(sink, files->metadata, &done.as.error);
    }
    target->state = computed.state;
    target->context = computed.context;
    add_unknowns(sink->memory, &computed, 1U << REIN_MEMORY_STATE | 1U << REIN_MEMORY_CONTEXT,
                 target);
    return true;
}
