#include "cli/read/profile.h"

#include <string.h>

#include "cli/base/date.h"
#include "cli/base/numbers.h"
#include "cli/base/suggest.h"
#include "cli/base/text.h"
#include "cli/read/values.h"

enum { PROFILE_BYTES_MAX = 1024 * 1024 };

/* Copies a text of at most `capacity` - 1 bytes. The rest of `out_text` must be zero. */
static bool read_short_text(const field_reader *reader, const node *value, char *out_text,
                            size_t capacity) {
    static const value_form form = {"a text", NULL};
    const char *text = read_text(reader, value, &form);
    if (text == NULL) {
        return false;
    }
    size_t length = strlen(text);
    if (length >= capacity) {
        report_at(reader->sink, reader->file, value->at,
                  "%s is too long: at most %zu bytes are allowed, and it has %zu",
                  text_quote(reader->sink->memory, text), capacity - 1, length);
        return false;
    }
    memcpy(out_text, text, length + 1);
    return true;
}

static bool read_name(const field_reader *reader, const node *value, void *out_name) {
    return read_short_text(reader, value, out_name, REIN_NAME_MAX_BYTES + 1);
}

static bool read_uuid(const field_reader *reader, const node *value, void *out_uuid) {
    return read_short_text(reader, value, out_uuid, REIN_DEVICE_UUID_CAPACITY);
}

static const char *source_name_at(const void *unused, size_t index) {
    (void)unused;
    return rein_profile_source_name((rein_profile_source)(REIN_PROFILE_PROBED + index));
}

static bool read_source(const field_reader *reader, const node *value, void *out_source) {
    enum { SOURCE_COUNT = REIN_PROFILE_SYNTHETIC - REIN_PROFILE_PROBED + 1 };
    arena *memory = reader->sink->memory;
    const value_form form = {"a source",
                             list_words(memory, " or ", NULL, SOURCE_COUNT, source_name_at)};
    const char *text = read_text(reader, value, &form);
    if (text == NULL) {
        return false;
    }
    for (size_t index = 0; index < SOURCE_COUNT; index++) {
        if (strcmp(text, source_name_at(NULL, index)) == 0) {
            *(rein_profile_source *)out_source = (rein_profile_source)(REIN_PROFILE_PROBED + index);
            return true;
        }
    }
    report_at(reader->sink, reader->file, value->at, "unknown source %s%s",
              text_quote(memory, text),
              suggest_or_list(memory, text, NULL, SOURCE_COUNT, source_name_at));
    return false;
}

/* Parses "8.7" as 8 and 7. */
static bool parse_version(const char *text, uint64_t largest_minor, uint64_t *out_major,
                          uint64_t *out_minor) {
    const char *dot = strchr(text, '.');
    char major[8] = {0};
    if (dot == NULL || (size_t)(dot - text) >= sizeof major) {
        return false;
    }
    memcpy(major, text, (size_t)(dot - text));
    return parse_unsigned(major, INT32_MAX, out_major) &&
           parse_unsigned(dot + 1, largest_minor, out_minor);
}

static bool read_version(const field_reader *reader, const node *value, uint64_t largest_minor,
                         uint64_t *out_major, uint64_t *out_minor) {
    static const value_form form = {"a version",
                                    "two numbers with a point between them, such as 8.7"};
    if (!expect_kind(reader, value, NODE_SCALAR, &form)) {
        return false;
    }
    if (parse_version(value->text, largest_minor, out_major, out_minor)) {
        return true;
    }
    return refuse_value(reader, value, &form);
}

static bool read_capability(const field_reader *reader, const node *value, void *out_profile) {
    uint64_t major = 0;
    uint64_t minor = 0;
    if (!read_version(reader, value, INT32_MAX, &major, &minor)) {
        return false;
    }
    rein_device_profile *profile = out_profile;
    profile->compute_capability_major = rein_fact_i64_known((int64_t)major);
    profile->compute_capability_minor = rein_fact_i64_known((int64_t)minor);
    return true;
}

/* CUDA's encoding: 12.2 is 12020. */
static bool read_cuda_version(const field_reader *reader, const node *value, void *out_fact) {
    uint64_t major = 0;
    uint64_t minor = 0;
    if (!read_version(reader, value, 99, &major, &minor)) {
        return false;
    }
    *(rein_fact_u64 *)out_fact = rein_fact_u64_known(major * 1000 + minor * 10);
    return true;
}

static bool read_priorities(const field_reader *reader, const node *value, void *out_profile) {
    static const field fields[] = {
        {"least", true, read_integer_fact, offsetof(rein_device_profile, least_stream_priority)},
        {"greatest", true, read_integer_fact,
         offsetof(rein_device_profile, greatest_stream_priority)},
    };
    static const field_table table = {
        .noun = "stream_priorities", .fields = fields, .count = FIELD_COUNT(fields)};
    return fields_read(reader, value, &table, out_profile);
}

static bool read_date(const field_reader *reader, const node *value, void *out_fact) {
    static const value_form form = {"a date in UTC",
                                    "one such as 2026-01-31 or 2026-01-31T12:30:00Z"};
    int64_t unix_s = 0;
    if (!expect_kind(reader, value, NODE_SCALAR, &form)) {
        return false;
    }
    if (!date_parse(value->text, &unix_s)) {
        return refuse_value(reader, value, &form);
    }
    *(rein_fact_i64 *)out_fact = rein_fact_i64_known(unix_s);
    return true;
}

/* Returns the library's message about a profile with members replaced by the file's keys. */
static const char *in_keys(arena *memory, const char *message) {
    static const char *const names[][2] = {
        {"allocation_granularity_bytes", "granularity"},
        {"pool_growth_bytes", "pool_growth"},
        {"total_bytes", "total"},
        {"free_bytes", "free"},
        {"greatest_stream_priority", "greatest"},
        {"least_stream_priority", "least"},
    };
    for (size_t index = 0; index < FIELD_COUNT(names); index++) {
        const char *found = strstr(message, names[index][0]);
        if (found != NULL) {
            message = arena_print(memory, "%.*s%s%s", (int)(found - message), message,
                                  names[index][1], found + strlen(names[index][0]));
        }
    }
    return message;
}

/* Called after each key, so that the message names the key that contradicts earlier keys. */
static bool check_profile(const field_reader *reader, const node *value, const void *object) {
    rein_result_void valid = rein_device_profile_validate(object);
    if (rein_result_void_is_error(valid)) {
        arena *memory = reader->sink->memory;
        report_at(reader->sink, reader->file, value->at, "%s",
                  in_keys(memory, error_text(memory, &REIN_ERROR(valid))));
        return false;
    }
    return true;
}

static const field profile_fields[] = {
    {"schema", true, read_schema, 0},
    {"name", false, read_name, offsetof(rein_device_profile, name)},
    {"uuid", false, read_uuid, offsetof(rein_device_profile, uuid)},
    {"total", false, read_bytes_fact, offsetof(rein_device_profile, total_bytes)},
    {"free", false, read_bytes_fact, offsetof(rein_device_profile, free_bytes)},
    {"context_overhead", false, read_bytes_fact,
     offsetof(rein_device_profile, context_overhead_bytes)},
    {"granularity", false, read_bytes_fact,
     offsetof(rein_device_profile, allocation_granularity_bytes)},
    {"pool_growth", false, read_bytes_fact, offsetof(rein_device_profile, pool_growth_bytes)},
    {"compute_capability", false, read_capability, 0},
    {"multiprocessors", false, read_count_fact,
     offsetof(rein_device_profile, multiprocessor_count)},
    {"connections", false, read_count_fact, offsetof(rein_device_profile, connection_count)},
    {"stream_priorities", false, read_priorities, 0},
    {"memory_pools", false, read_bool_fact, offsetof(rein_device_profile, supports_memory_pools)},
    {"integrated", false, read_bool_fact, offsetof(rein_device_profile, is_integrated)},
    {"driver", false, read_cuda_version, offsetof(rein_device_profile, driver_version)},
    {"runtime", false, read_cuda_version, offsetof(rein_device_profile, runtime_version)},
    {"source", true, read_source, offsetof(rein_device_profile, source)},
    {"note", false, read_name, offsetof(rein_device_profile, source_note)},
    {"recorded_at", false, read_date, offsetof(rein_device_profile, recorded_at_unix_s)},
};

bool profile_file_read_text(diagnostics *sink, const input_file *file,
                            rein_device_profile *out_profile) {
    static const field_table table = {.noun = "a device profile",
                                      .fields = profile_fields,
                                      .count = FIELD_COUNT(profile_fields),
                                      .check = check_profile};
    /* A placeholder: the source is a required key. */
    rein_device_profile profile = rein_device_profile_unknown(REIN_PROFILE_SYNTHETIC);
    if (!read_document(sink, file, &table, &profile)) {
        return false;
    }
    *out_profile = profile;
    return true;
}

bool profile_file_read(diagnostics *sink, const char *path, rein_device_profile *out_profile) {
    input_file file;
    return input_file_read(sink, path, "a device profile", PROFILE_BYTES_MAX, &file) &&
           profile_file_read_text(sink, &file, out_profile);
}
