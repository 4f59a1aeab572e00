/* onnx_facts: prints what the library says about ONNX files, one JSON object a line.
 *
 * Each line of standard input names a file, a granularity, and symbols with their extents,
 * separated by tabs. Exits with 0 also if a file is refused; the object then has the error. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/onnx.h"

enum { BINDINGS_MAX = 8192 };

static rein_result_void read_at(void *self, uint64_t offset, void *out_bytes, size_t size) {
    if (fseeko(self, (off_t)offset, SEEK_SET) != 0 || fread(out_bytes, 1, size, self) != size) {
        return rein_result_void_fail(
            rein_error_make(REIN_ERROR_INTERNAL_ERROR, REIN_HERE, "cannot read"));
    }
    return rein_done();
}

static void print_text(const char *bytes, size_t length) {
    putchar('"');
    for (size_t index = 0; index < length; index++) {
        unsigned char byte = (unsigned char)bytes[index];
        if (byte < 0x20 || byte == '"' || byte == '\\') {
            printf("\\u%04x", byte);
        } else {
            putchar(byte);
        }
    }
    putchar('"');
}

static void print_key(const char *key) {
    printf(", \"%s\": ", key);
}

static void print_number(const char *key, uint64_t number) {
    printf(", \"%s\": %llu", key, (unsigned long long)number);
}

static void print_fact(const char *key, rein_fact_u64 fact) {
    if (fact.is_known) {
        print_number(key, fact.value);
    } else {
        printf(", \"%s\": null", key);
    }
}

static void print_error(const rein_error *error) {
    char text[512];
    size_t length = rein_error_message(error, text, sizeof text);
    print_key("error");
    print_text(text, length < sizeof text ? length : sizeof text - 1);
}

static void print_dimensions(const rein_onnx_value *value) {
    for (size_t index = 0; index < value->rank; index++) {
        const rein_onnx_dimension *dimension = &value->dimensions[index];
        printf(index == 0 ? "" : ", ");
        if (dimension->extent.is_known) {
            printf("%llu", (unsigned long long)dimension->extent.value);
        } else {
            print_text(dimension->symbol.bytes, dimension->symbol.length);
        }
    }
}

static void print_values(const char *key, const rein_onnx_value *values, size_t count) {
    print_key(key);
    for (size_t index = 0; index < count; index++) {
        printf(index == 0 ? "[[" : ", [");
        print_text(values[index].name.bytes, values[index].name.length);
        printf(", %d, %u, ", (int)values[index].kind, values[index].element_type);
        printf(values[index].has_shape ? "[" : "null");
        print_dimensions(&values[index]);
        printf(values[index].has_shape ? "]]" : "]");
    }
    printf(count == 0 ? "[]" : "]");
}

static void print_weights(const rein_onnx *onnx) {
    const char *separator = "";
    print_key("weights");
    printf("{");
    for (uint32_t type = 1; type < REIN_ONNX_TYPE_COUNT; type++) {
        if (onnx->weights[type].element_count > 0) {
            printf("%s\"%u\": [%llu, %llu]", separator, type,
                   (unsigned long long)onnx->weights[type].element_count,
                   (unsigned long long)onnx->weights[type].size_bytes);
            separator = ", ";
        }
    }
    printf("}");
}

static void print_files(const rein_onnx *onnx) {
    print_key("external_files");
    for (size_t index = 0; index < onnx->external_file_count; index++) {
        const rein_onnx_external_file *file = &onnx->external_files[index];
        printf(index == 0 ? "[[" : ", [");
        print_text(file->location.bytes, file->location.length);
        printf(", %llu, %llu]", (unsigned long long)file->size_bytes,
               (unsigned long long)file->tensor_count);
    }
    printf(onnx->external_file_count == 0 ? "[]" : "]");
}

static void print_summary(const rein_onnx *onnx) {
    print_number("ir_version", onnx->ir_version);
    print_number("node_count", onnx->node_count);
    print_number("inner_node_count", onnx->inner_node_count);
    print_number("function_count", onnx->function_count);
    print_number("attribute_bytes", onnx->attribute_bytes);
    print_number("parameter_count", onnx->parameter_count);
    print_fact("weights_bytes", onnx->weights_bytes);
    print_fact("dense_weights_bytes", onnx->dense_weights_bytes);
    print_weights(onnx);
    print_files(onnx);
    print_values("inputs", onnx->inputs, onnx->input_count);
    print_values("outputs", onnx->outputs, onnx->output_count);
}

static void print_lifetimes(const rein_onnx_lifetimes *lifetimes) {
    print_number("reason", (uint64_t)lifetimes->reason);
    print_number("unknown_count", lifetimes->unknown_count);
    print_key("unknown");
    print_text(lifetimes->unknown.bytes, lifetimes->unknown.length);
    print_key("lifetimes");
    for (size_t index = 0; index < lifetimes->count; index++) {
        const rein_tensor_lifetime *lifetime = &lifetimes->lifetimes[index];
        printf(index == 0 ? "[[" : ", [");
        print_text(lifetimes->names[index].bytes, lifetimes->names[index].length);
        printf(", %lld, %lld, %llu]", (long long)lifetime->from, (long long)lifetime->until,
               (unsigned long long)lifetime->size_bytes);
    }
    printf(lifetimes->count == 0 ? "[]" : "]");
}

static rein_workspace workspace_of(uint64_t size_bytes) {
    rein_workspace workspace = {malloc(size_bytes == 0 ? 1 : size_bytes), size_bytes};
    if (workspace.memory == NULL) {
        fprintf(stderr, "onnx_facts: out of memory\n");
        exit(1);
    }
    print_number("workspace_bytes", size_bytes);
    return workspace;
}

static rein_result_void tell_lifetimes(const rein_onnx_lifetimes_request *request) {
    uint64_t bytes = REIN_TRY(rein_result_void, rein_onnx_lifetimes_workspace_bytes(request));
    rein_workspace workspace = workspace_of(bytes);
    rein_result_onnx_lifetimes lifetimes = rein_onnx_lifetimes_compute(request, workspace);
    if (lifetimes.is_ok) {
        print_lifetimes(&lifetimes.as.value);
    }
    free(workspace.memory);
    return lifetimes.is_ok ? rein_done() : rein_result_void_fail(lifetimes.as.error);
}

static rein_result_void tell(const rein_model_file *file, rein_onnx_lifetimes_request *request) {
    uint64_t bytes = REIN_TRY(rein_result_void, rein_onnx_workspace_bytes(file));
    rein_workspace workspace = workspace_of(bytes);
    rein_result_onnx onnx = rein_onnx_read(file, workspace);
    rein_result_void told = onnx.is_ok ? rein_done() : rein_result_void_fail(onnx.as.error);
    if (onnx.is_ok) {
        request->onnx = &onnx.as.value;
        print_summary(request->onnx);
        told = tell_lifetimes(request);
    }
    free(workspace.memory);
    return told;
}

static void tell_path(const char *path, rein_onnx_lifetimes_request *request) {
    FILE *stream = fopen(path, "rb");
    if (stream == NULL || fseeko(stream, 0, SEEK_END) != 0) {
        fprintf(stderr, "onnx_facts: cannot open %s\n", path);
        exit(1);
    }
    rein_model_file file = {read_at, stream, (uint64_t)ftello(stream)};
    printf("{\"path\": ");
    print_text(path, strlen(path));
    rein_result_void told = tell(&file, request);
    if (!told.is_ok) {
        print_error(&told.as.error);
    }
    printf("}\n");
    fclose(stream);
}

/* Cuts a line at its tabs. */
static void tell_line(char *line) {
    static rein_onnx_binding bindings[BINDINGS_MAX];
    rein_onnx_lifetimes_request request = rein_onnx_lifetimes_request_make(NULL, 1);
    const char *path = strtok(line, "\t\n");
    const char *granularity = strtok(NULL, "\t\n");
    if (path == NULL || granularity == NULL) {
        return;
    }
    request.granularity_bytes = strtoull(granularity, NULL, 10);
    request.bindings = bindings;
    while (request.binding_count < BINDINGS_MAX) {
        const char *symbol = strtok(NULL, "\t\n");
        const char *extent = strtok(NULL, "\t\n");
        if (symbol == NULL || extent == NULL) {
            break;
        }
        bindings[request.binding_count++] = (rein_onnx_binding){symbol, strtoull(extent, NULL, 10)};
    }
    tell_path(path, &request);
}

int main(void) {
    static char line[1 << 20];
    while (fgets(line, sizeof line, stdin) != NULL) {
        tell_line(line);
    }
    return 0;
}
