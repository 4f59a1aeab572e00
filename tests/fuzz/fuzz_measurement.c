/* The reader of measurements. Accepted measurements keep the rules between their keys. Written
 * again, they are read as the same. */
#include "cli/read/measurement.h"
#include "fuzz_readers.h"

static void require_rules(const measurement *read) {
    require(read->peak_bytes > 0, "the peak is above 0");
    require(!read->final_bytes.is_known || read->final_bytes.value <= read->peak_bytes,
            "the final size is at most the peak");
    require(read->interval.ns > 0 || !measurement_is_sampled(read), "samples have an interval");
    char uuid[REIN_DEVICE_UUID_CAPACITY];
    require(*read->device_uuid == '\0' ||
                (rein_device_uuid_normalize(read->device_uuid, uuid).is_ok &&
                 strcmp(read->device_uuid, uuid) == 0),
            "the UUID is normalised");
}

static void write_measurement(const measurement *read, FILE *out) {
    fprintf(out, "schema: 1\npeak: %lluB\nincludes_contexts: %s\n",
            (unsigned long long)read->peak_bytes, read->includes_contexts ? "true" : "false");
    if (*read->device_uuid != '\0') {
        fprintf(out, "device: '%s'\n", read->device_uuid);
    }
    if (read->final_bytes.is_known) {
        fprintf(out, "final: %lluB\n", (unsigned long long)read->final_bytes.value);
    }
    if (read->method != METHOD_UNKNOWN) {
        fprintf(out, "method: %s\n", measurement_method_name(read->method));
    }
    if (read->interval.ns > 0) {
        fprintf(out, "interval: %lldns\n", (long long)read->interval.ns);
    }
    if (read->sample_count > 0) {
        fprintf(out, "samples: %llu\n", (unsigned long long)read->sample_count);
    }
}

static void require_same_again(kept_sink *kept, const measurement *read) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    require(out != NULL, "there is memory for a text");
    write_measurement(read, out);
    fclose(out);
    measurement again;
    input_file file = fuzz_written_file(kept, text, length);
    require(measurement_read_text(&kept->sink, &file, &again), "it can be written again");
    require(strcmp(read->device_uuid, again.device_uuid) == 0, "the same device");
    require(read->peak_bytes == again.peak_bytes &&
                read->final_bytes.is_known == again.final_bytes.is_known &&
                read->final_bytes.value == again.final_bytes.value,
            "the same sizes");
    require(read->includes_contexts == again.includes_contexts, "the same contexts");
    require(read->method == again.method && read->interval.ns == again.interval.ns &&
                read->sample_count == again.sample_count,
            "the same samples");
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    kept_sink kept;
    kept_sink_open(&kept);
    input_file file;
    measurement read;
    bool is_read = fuzz_input_file(&kept, data, size, &file) &&
                   measurement_read_text(&kept.sink, &file, &read);
    kept_sink_require(&kept, "f:", is_read);
    if (is_read) {
        require_rules(&read);
        require_same_again(&kept, &read);
    }
    kept_sink_close(&kept);
    return 0;
}
