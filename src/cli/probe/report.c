#include "cli/probe/report.h"

#include <inttypes.h>

#include "cli/base/date.h"
#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "cli/write/yaml.h"

static void write_line(FILE *stream, const char *name, const char *value) {
    enum { NAME_WIDTH = 18 };
    fprintf(stream, "  %-*s %s\n", NAME_WIDTH, name, *value == '\0' ? "unknown" : value);
}

static const char *number_text(arena *memory, rein_fact_u64 fact) {
    return fact.is_known ? arena_print(memory, "%" PRIu64, fact.value) : "unknown";
}

/* Returns the text of two facts that a device reports together or not at all. */
static const char *pair_text(arena *memory, rein_fact_i64 first, const char *between,
                             rein_fact_i64 second) {
    return first.is_known
               ? arena_print(memory, "%" PRId64 "%s%" PRId64, first.value, between, second.value)
               : "unknown";
}

static const char *bool_text(rein_fact_bool fact) {
    if (!fact.is_known) {
        return "unknown";
    }
    return fact.value ? "yes" : "no";
}

/* Returns "12.2" for 12020. */
static const char *version_text(arena *memory, rein_fact_u64 fact) {
    return fact.is_known ? arena_print(memory, "%" PRIu64 ".%" PRIu64, fact.value / 1000,
                                       fact.value % 1000 / 10)
                         : "unknown";
}

static const char *capability_text(arena *memory, const rein_device_profile *profile) {
    return pair_text(memory, profile->compute_capability_major, ".",
                     profile->compute_capability_minor);
}

static const char *cost_text(arena *memory, const local_device *device) {
    const char *elapsed = rounded_duration(memory, device->elapsed);
    return device->cost_bytes.is_known ? arena_print(memory, "%s and %s of device memory", elapsed,
                                                     rounded_fact(memory, device->cost_bytes))
                                       : elapsed;
}

void probe_write_text(arena *memory, const local_device *device, FILE *stream) {
    if (device->reason != NULL) {
        fprintf(stream, "device %" PRId32 ": cannot be read\n", device->index);
        return;
    }
    const rein_device_profile *profile = &device->profile;
    fprintf(stream, "device %" PRId32 ": %s\n", device->index,
            text_printable(memory, profile->name));
    write_line(stream, "uuid", profile->uuid);
    write_line(stream, "pci id", device->pci_id);
    write_line(stream, "total memory", rounded_fact(memory, profile->total_bytes));
    write_line(stream, "free memory", rounded_fact(memory, profile->free_bytes));
    write_line(stream, "context overhead", rounded_fact(memory, profile->context_overhead_bytes));
    write_line(stream, "granularity", rounded_fact(memory, profile->allocation_granularity_bytes));
    write_line(stream, "pool growth", rounded_fact(memory, profile->pool_growth_bytes));
    write_line(stream, "compute capability", capability_text(memory, profile));
    write_line(stream, "multiprocessors", number_text(memory, profile->multiprocessor_count));
    write_line(stream, "connections", number_text(memory, profile->connection_count));
    write_line(stream, "stream priorities",
               pair_text(memory, profile->least_stream_priority, " to ",
                         profile->greatest_stream_priority));
    write_line(stream, "memory pools", bool_text(profile->supports_memory_pools));
    write_line(stream, "integrated", bool_text(profile->is_integrated));
    write_line(stream, "driver", version_text(memory, profile->driver_version));
    write_line(stream, "runtime", version_text(memory, profile->runtime_version));
    write_line(stream, "probe took", cost_text(memory, device));
}

void probe_add_json(arena *memory, const local_device *device, json_object *object) {
    const rein_device_profile *profile = &device->profile;
    json_add_signed(object, "index", device->index);
    json_add_text(object, "reason", device->reason);
    json_add_text(object, "name", text_printable(memory, profile->name));
    json_add_text(object, "uuid", profile->uuid);
    json_add_text(object, "pci_id", device->pci_id);
    json_add_profile_facts(object, profile);
    json_add_signed_fact(object, "recorded_at_unix_s", profile->recorded_at_unix_s);
    json_add_fact(object, "probe_cost_bytes", device->cost_bytes);
    json_add_signed(object, "probe_elapsed_ns", device->elapsed.ns);
}

/* Writes a text of the device as a quoted YAML string, or nothing if it is not known. */
static void write_quoted(FILE *stream, const char *key, const char *text) {
    if (*text == '\0') {
        return;
    }
    fprintf(stream, "%s: ", key);
    yaml_write_text(stream, text);
    fputc('\n', stream);
}

static void write_bytes(arena *memory, FILE *stream, const char *key, rein_fact_u64 fact) {
    if (fact.is_known) {
        fprintf(stream, "%s: %s\n", key, exact_bytes(memory, fact.value));
    }
}

static void write_number(FILE *stream, const char *key, rein_fact_u64 fact) {
    if (fact.is_known) {
        fprintf(stream, "%s: %" PRIu64 "\n", key, fact.value);
    }
}

static void write_bool(FILE *stream, const char *key, rein_fact_bool fact) {
    if (fact.is_known) {
        fprintf(stream, "%s: %s\n", key, fact.value ? "true" : "false");
    }
}

static void write_version(arena *memory, FILE *stream, const char *key, rein_fact_u64 fact) {
    if (fact.is_known) {
        fprintf(stream, "%s: %s\n", key, version_text(memory, fact));
    }
}

static void write_origin(arena *memory, const rein_device_profile *profile, FILE *stream) {
    fputs("schema: 1\n", stream);
    write_quoted(stream, "name", text_printable(memory, profile->name));
    fputs("source: recorded\n", stream);
    write_quoted(stream, "note", "rein probe");
    if (profile->recorded_at_unix_s.is_known) {
        fprintf(stream, "recorded_at: %s\n", date_text(memory, profile->recorded_at_unix_s.value));
    }
    write_quoted(stream, "uuid", profile->uuid);
}

void probe_write_profile(arena *memory, const local_device *device, FILE *stream) {
    const rein_device_profile *profile = &device->profile;
    write_origin(memory, profile, stream);
    write_bytes(memory, stream, "total", profile->total_bytes);
    write_bytes(memory, stream, "free", profile->free_bytes);
    write_bytes(memory, stream, "context_overhead", profile->context_overhead_bytes);
    write_bytes(memory, stream, "granularity", profile->allocation_granularity_bytes);
    write_bytes(memory, stream, "pool_growth", profile->pool_growth_bytes);
    if (profile->compute_capability_major.is_known) {
        fprintf(stream, "compute_capability: %s\n", capability_text(memory, profile));
    }
    write_number(stream, "multiprocessors", profile->multiprocessor_count);
    write_number(stream, "connections", profile->connection_count);
    if (profile->least_stream_priority.is_known) {
        fprintf(stream, "stream_priorities: {least: %s}\n",
                pair_text(memory, profile->least_stream_priority,
                          ", greatest: ", profile->greatest_stream_priority));
    }
    write_bool(stream, "memory_pools", profile->supports_memory_pools);
    write_bool(stream, "integrated", profile->is_integrated);
    write_version(memory, stream, "driver", profile->driver_version);
    write_version(memory, stream, "runtime", profile->runtime_version);
}
