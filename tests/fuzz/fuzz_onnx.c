/* ONNX files. Everything in a model that is read is consistent, its lifetimes are valid, and
 * reading again gives the same. */
#include <string.h>

#include "fuzz.h"
#include "models/memory_file.h"
#include "models/onnx.h"

enum { GRANULARITY_BYTES = 64 };

/* Reads the file into a workspace of exactly the needed bytes, which the caller frees. Returns
 * false if it is refused. */
static bool read_file(const rein_model_file *file, rein_onnx *out_onnx, void **out_memory) {
    *out_memory = NULL;
    rein_result_bytes needed = rein_onnx_workspace_bytes(file);
    if (!needed.is_ok) {
        require(needed.as.error.numbers[0] <= file->size_bytes, "an error is within the file");
        return false;
    }
    *out_memory = malloc(needed.as.value);
    rein_workspace workspace = {*out_memory, needed.as.value};
    rein_result_onnx result = rein_onnx_read(file, workspace);
    if (result.is_ok) {
        *out_onnx = result.as.value;
    } else {
        require(result.as.error.numbers[0] <= file->size_bytes, "an error is within the file");
    }
    return result.is_ok;
}

static void require_text(rein_onnx_text text) {
    require(text.bytes[text.length] == '\0', "a text is terminated");
}

static void require_values(const rein_onnx_value *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        require_text(values[i].name);
        require(values[i].kind >= REIN_ONNX_UNTYPED && values[i].kind <= REIN_ONNX_CONTAINER,
                "a value has a kind");
        require(values[i].has_shape || values[i].rank == 0, "a rank belongs to a shape");
        for (size_t k = 0; k < values[i].rank; k++) {
            const rein_onnx_dimension *dimension = &values[i].dimensions[k];
            require_text(dimension->symbol);
            require(!dimension->extent.is_known || dimension->symbol.length == 0,
                    "an extent has no symbol");
        }
    }
}

static void require_weights(const rein_onnx *onnx) {
    uint64_t bytes = 0;
    uint64_t elements = 0;
    for (size_t type = 0; type < REIN_ONNX_TYPE_COUNT; type++) {
        bytes += onnx->weights[type].size_bytes;
        elements += onnx->weights[type].element_count;
    }
    bool is_known = onnx->weights_reason == REIN_ONNX_REASON_NONE;
    require(is_known == onnx->weights_bytes.is_known, "a reason for unknown weights");
    require(!is_known || bytes == onnx->weights_bytes.value, "the types add up");
    require(elements == onnx->parameter_count, "the elements add up");
    /* An integer of 64 bits takes at least one byte of the file. */
    require(onnx->external_file_count > 0 || bytes <= 8 * onnx->file->size_bytes,
            "weights are in the file");
}

static void require_files(const rein_onnx *onnx) {
    for (size_t i = 0; i < onnx->external_file_count; i++) {
        const rein_onnx_external_file *file = &onnx->external_files[i];
        require_text(file->location);
        require(file->tensor_count > 0, "a file has tensors");
        require(file->location.length > 0 && file->location.bytes[0] != '/', "a relative path");
        require(strstr(file->location.bytes, "/../") == NULL, "a plain path");
        require(strlen(file->location.bytes) == file->location.length, "a path without NUL");
    }
}

static void require_lifetimes(const rein_onnx *onnx, const rein_onnx_lifetimes *answer) {
    int64_t end = onnx->node_count == 0 ? 1 : (int64_t)onnx->node_count;
    require(answer->count <= onnx->graph_tensor_count, "a lifetime is of a tensor");
    require(rein_lifetimes_validate(answer->lifetimes, answer->count).is_ok, "they are valid");
    for (size_t i = 0; i < answer->count; i++) {
        const rein_tensor_lifetime *lifetime = &answer->lifetimes[i];
        require_text(answer->names[i]);
        require(lifetime->from >= 0 && lifetime->until <= end, "a lifetime is in the execution");
        require(lifetime->size_bytes % GRANULARITY_BYTES == 0, "a size is rounded up");
        require(i == 0 || lifetime->from >= lifetime[-1].from, "they are in order");
    }
}

static void ask_lifetimes(const rein_onnx *onnx) {
    static const rein_onnx_binding bindings[] = {{"n", 3}, {"batch", 2}, {"length", 5}};
    rein_onnx_lifetimes_request request = rein_onnx_lifetimes_request_make(onnx, GRANULARITY_BYTES);
    request.bindings = bindings;
    request.binding_count = sizeof bindings / sizeof bindings[0];
    rein_result_bytes needed = rein_onnx_lifetimes_workspace_bytes(&request);
    require(needed.is_ok, "the request is sound");
    void *memory = malloc(needed.as.value);
    rein_result_onnx_lifetimes answer =
        rein_onnx_lifetimes_compute(&request, (rein_workspace){memory, needed.as.value});
    if (answer.is_ok) {
        bool is_known = answer.as.value.reason == REIN_ONNX_REASON_NONE;
        require(is_known == (answer.as.value.unknown_count == 0), "a reason is about something");
        require(is_known || answer.as.value.count == 0, "nothing is known in part");
        require_lifetimes(onnx, &answer.as.value);
    }
    free(memory);
}

static void require_same(const rein_onnx *left, const rein_onnx *right) {
    require(memcmp(left->weights, right->weights, sizeof left->weights) == 0, "the same weights");
    require(left->input_count == right->input_count && left->output_count == right->output_count &&
                left->external_file_count == right->external_file_count &&
                left->node_count == right->node_count &&
                left->graph_name_bytes == right->graph_name_bytes,
            "reading again gives the same model");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    memory_file memory = {.bytes = data, .byte_count = size, .size_bytes = size};
    rein_model_file file = memory_file_of(&memory);
    void *first_memory = NULL;
    void *second_memory = NULL;
    rein_onnx first;
    rein_onnx second;
    if (read_file(&file, &first, &first_memory)) {
        require(read_file(&file, &second, &second_memory), "what is read can be read again");
        require_same(&first, &second);
        require_values(first.inputs, first.input_count);
        require_values(first.outputs, first.output_count);
        require_weights(&first);
        require_files(&first);
        ask_lifetimes(&first);
    }
    require(!memory.has_read_outside, "only bytes of the file are read");
    free(first_memory);
    free(second_memory);
    return 0;
}
