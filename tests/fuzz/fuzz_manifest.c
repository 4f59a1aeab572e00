/* The reader of manifests. Accepted manifests have valid budgets and unique ids. Written again,
 * with every size in its unit, they are read as the same. */
#include "cli/read/manifest.h"
#include "contract/units.h"
#include "fuzz_readers.h"

/* Returns whether a text can be written without escapes, which the reader refuses. */
static bool is_writable(const char *text) {
    for (; text != NULL && *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte < 0x20 || byte >= 0x7F) {
            return false;
        }
    }
    return true;
}

static void write_text(FILE *out, const char *key, const char *text) {
    fprintf(out, "%s: \"", key);
    for (; *text != '\0'; text++) {
        fprintf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    }
    fputc('"', out);
}

static void write_stated_text(FILE *out, const char *key, stated_text stated) {
    if (stated.text != NULL) {
        write_text(out, key, stated.text);
        fputs(", ", out);
    }
}

static void write_bytes(FILE *out, const char *key, uint64_t bytes) {
    char text[32];
    rein_bytes_to_string(bytes, text, sizeof text);
    fprintf(out, "%s: %s, ", key, text);
}

static void write_stated_bytes(FILE *out, const char *key, stated_bytes stated) {
    if (stated.is_stated) {
        write_bytes(out, key, stated.bytes);
    }
}

static void write_device(FILE *out, const manifest_device *device) {
    bool is_stated = device->profile.text != NULL || device->headroom.is_stated ||
                     device->context_overhead.is_stated || device->granularity.is_stated ||
                     device->pool_growth.is_stated || device->reserved.is_stated ||
                     device->processes.is_stated;
    if (!is_stated) {
        return;
    }
    fputs("device: {", out);
    write_stated_text(out, "profile", device->profile);
    write_stated_bytes(out, "headroom", device->headroom);
    write_stated_bytes(out, "context_overhead", device->context_overhead);
    write_stated_bytes(out, "granularity", device->granularity);
    write_stated_bytes(out, "pool_growth", device->pool_growth);
    write_stated_bytes(out, "reserved", device->reserved);
    if (device->processes.is_stated) {
        fprintf(out, "processes: %llu, ", (unsigned long long)device->processes.count);
    }
    fputs("}\n", out);
}

static void write_model(FILE *out, const manifest_model *model) {
    char compute[32];
    rein_duration_to_string(model->budget.compute_budget, compute, sizeof compute);
    fputs("  - {", out);
    write_text(out, "id", model->id.text);
    fputs(", budget: {", out);
    write_bytes(out, "memory", model->budget.memory_limit_bytes);
    fprintf(out, "streams: %d, compute: %s}, ", (int)model->budget.stream_limit, compute);
    write_stated_bytes(out, "weights", model->weights);
    write_stated_bytes(out, "activations", model->activations);
    write_stated_text(out, "lifetimes", model->lifetimes);
    write_stated_text(out, "measured", model->measured);
    fputs("}\n", out);
}

static bool is_manifest_writable(const manifest *read) {
    bool is = is_writable(read->device.profile.text);
    for (size_t i = 0; i < read->model_count; i++) {
        is = is && is_writable(read->models[i].id.text) &&
             is_writable(read->models[i].lifetimes.text) &&
             is_writable(read->models[i].measured.text);
    }
    return is;
}

static bool is_same_bytes(stated_bytes left, stated_bytes right) {
    return left.is_stated == right.is_stated && (!left.is_stated || left.bytes == right.bytes);
}

static bool is_same_text(stated_text left, stated_text right) {
    return (left.text == NULL) == (right.text == NULL) &&
           (left.text == NULL || strcmp(left.text, right.text) == 0);
}

static bool is_same_device(const manifest_device *left, const manifest_device *right) {
    return is_same_text(left->profile, right->profile) &&
           is_same_bytes(left->headroom, right->headroom) &&
           is_same_bytes(left->context_overhead, right->context_overhead) &&
           is_same_bytes(left->granularity, right->granularity) &&
           is_same_bytes(left->pool_growth, right->pool_growth) &&
           is_same_bytes(left->reserved, right->reserved) &&
           left->processes.is_stated == right->processes.is_stated &&
           left->processes.count == right->processes.count;
}

static bool is_same_model(const manifest_model *left, const manifest_model *right) {
    return rein_model_id_equal(&left->id, &right->id) &&
           rein_resource_budget_equal(&left->budget, &right->budget) &&
           is_same_bytes(left->weights, right->weights) &&
           is_same_bytes(left->activations, right->activations) &&
           is_same_text(left->lifetimes, right->lifetimes) &&
           is_same_text(left->measured, right->measured);
}

static void require_same_again(kept_sink *kept, const manifest *read) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    require(out != NULL, "there is memory for a text");
    fputs("schema: 1\n", out);
    write_device(out, &read->device);
    fputs("models:\n", out);
    for (size_t i = 0; i < read->model_count; i++) {
        write_model(out, &read->models[i]);
    }
    fclose(out);
    manifest again;
    input_file file = fuzz_written_file(kept, text, length);
    require(manifest_read_text(&kept->sink, &file, &again), "a manifest can be written again");
    require(is_same_device(&read->device, &again.device), "the device reads as the same");
    require(read->model_count == again.model_count, "the models are as many");
    for (size_t i = 0; i < read->model_count; i++) {
        require(is_same_model(&read->models[i], &again.models[i]), "a model reads as the same");
    }
    free(text);
}

static void require_sound(const manifest *read) {
    require(read->model_count > 0, "a manifest has a model");
    for (size_t i = 0; i < read->model_count; i++) {
        const manifest_model *model = &read->models[i];
        require(rein_resource_budget_is_valid(&model->budget), "a budget is valid");
        require(rein_model_id_make(model->id.text).is_ok, "an id is valid");
        require(!model->activations.is_stated || model->lifetimes.text == NULL,
                "activations are stated once");
        for (size_t k = 0; k < i && i < 64; k++) {
            require(!rein_model_id_equal(&model->id, &read->models[k].id), "ids are unique");
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    kept_sink kept;
    kept_sink_open(&kept);
    input_file file;
    manifest read;
    bool is_read =
        fuzz_input_file(&kept, data, size, &file) && manifest_read_text(&kept.sink, &file, &read);
    kept_sink_require(&kept, "f:", is_read);
    if (is_read) {
        require_sound(&read);
        if (is_manifest_writable(&read)) {
            require_same_again(&kept, &read);
        }
    }
    kept_sink_close(&kept);
    return 0;
}
