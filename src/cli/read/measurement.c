#include "cli/read/measurement.h"

#include <string.h>

#include "cli/base/suggest.h"
#include "cli/base/text.h"
#include "cli/read/values.h"

enum { MEASUREMENT_BYTES_MAX = 1024 * 1024 };

/* The values of a file, with the positions that messages about two keys name. */
typedef struct stated_measurement {
    const char *device_uuid;
    stated_bytes peak;
    stated_bytes final;
    bool includes_contexts;
    measurement_method method;
    position method_at;
    rein_duration interval;
    stated_count samples;
} stated_measurement;

static const char *const method_names[] = {
    [METHOD_UNKNOWN] = "unknown",
    [METHOD_PROCESSES] = "processes",
    [METHOD_FREE_MEMORY] = "free-memory",
    [METHOD_ENGINE] = "engine",
};

const char *measurement_method_name(measurement_method method) {
    return method_names[method];
}

static bool is_sampling(measurement_method method) {
    return method == METHOD_PROCESSES || method == METHOD_FREE_MEMORY;
}

bool measurement_is_sampled(const measurement *measured) {
    return is_sampling(measured->method);
}

static bool read_device(const field_reader *reader, const node *value, void *out_uuid) {
    static const value_form form = {"the UUID of a device", "one as 'nvidia-smi -L' prints it"};
    const char *text = read_text(reader, value, &form);
    if (text == NULL) {
        return false;
    }
    char *uuid = arena_allocate(reader->sink->memory, REIN_DEVICE_UUID_CAPACITY, 1);
    if (!rein_device_uuid_normalize(text, uuid).is_ok) {
        return refuse_value(reader, value, &form);
    }
    *(const char **)out_uuid = uuid;
    return true;
}

static const char *method_name_at(const void *unused, size_t index) {
    (void)unused;
    return method_names[METHOD_PROCESSES + index];
}

static bool read_method(const field_reader *reader, const node *value, void *out_stated) {
    stated_measurement *stated = out_stated;
    arena *memory = reader->sink->memory;
    const value_form form = {"a method",
                             list_words(memory, " or ", NULL, METHOD_ENGINE, method_name_at)};
    const char *text = read_text(reader, value, &form);
    if (text == NULL) {
        return false;
    }
    for (measurement_method method = METHOD_PROCESSES; method <= METHOD_ENGINE; method++) {
        if (strcmp(text, method_names[method]) == 0) {
            stated->method = method;
            stated->method_at = value->at;
            return true;
        }
    }
    report_at(reader->sink, reader->file, value->at, "unknown method %s%s",
              text_quote(memory, text),
              suggest_or_list(memory, text, NULL, METHOD_ENGINE, method_name_at));
    return false;
}

static bool read_interval(const field_reader *reader, const node *value, void *out_interval) {
    rein_duration interval;
    if (!read_duration(reader, value, &interval)) {
        return false;
    }
    if (interval.ns == 0) {
        return refuse_zero(reader, value);
    }
    *(rein_duration *)out_interval = interval;
    return true;
}

/* Called after each key, so that the position is that of the later of the two. */
static bool check_final(const field_reader *reader, const node *value, const void *object) {
    const stated_measurement *stated = object;
    bool are_stated = stated->peak.is_stated && stated->final.is_stated;
    if (!are_stated || stated->final.bytes <= stated->peak.bytes) {
        return true;
    }
    report_at(reader->sink, reader->file, value->at,
              "final is %lluB, and peak %lluB; final must be at most peak",
              (unsigned long long)stated->final.bytes, (unsigned long long)stated->peak.bytes);
    return false;
}

static bool check_interval(diagnostics *sink, const char *path, const stated_measurement *stated) {
    if (!is_sampling(stated->method) || stated->interval.ns > 0) {
        return true;
    }
    report_at(sink, path, stated->method_at,
              "the method '%s' needs the key 'interval': the time between samples",
              method_names[stated->method]);
    return false;
}

static measurement as_measurement(const char *path, const stated_measurement *stated) {
    return (measurement){.path = path,
                         .device_uuid = stated->device_uuid,
                         .peak_bytes = stated->peak.bytes,
                         .final_bytes = stated_bytes_fact(&stated->final),
                         .includes_contexts = stated->includes_contexts,
                         .method = stated->method,
                         .interval = stated->interval,
                         .sample_count = stated->samples.count};
}

bool measurement_read_text(diagnostics *sink, const input_file *file, measurement *out) {
    static const field fields[] = {
        {"schema", true, read_schema, 0},
        {"device", false, read_device, offsetof(stated_measurement, device_uuid)},
        {"peak", true, read_positive_bytes, offsetof(stated_measurement, peak)},
        {"final", false, read_stated_bytes, offsetof(stated_measurement, final)},
        {"includes_contexts", true, read_flag, offsetof(stated_measurement, includes_contexts)},
        {"method", false, read_method, 0},
        {"interval", false, read_interval, offsetof(stated_measurement, interval)},
        {"samples", false, read_positive_count, offsetof(stated_measurement, samples)},
    };
    static const field_table table = {.noun = "a measurement",
                                      .fields = fields,
                                      .count = FIELD_COUNT(fields),
                                      .check = check_final};
    stated_measurement stated = {.device_uuid = ""};
    if (!read_document(sink, file, &table, &stated) || !check_interval(sink, file->path, &stated)) {
        return false;
    }
    *out = as_measurement(file->path, &stated);
    return true;
}

bool measurement_read(diagnostics *sink, const char *path, measurement *out) {
    input_file file;
    return input_file_read(sink, path, "a measurement", MEASUREMENT_BYTES_MAX, &file) &&
           measurement_read_text(sink, &file, out);
}
