#include "cli/json_output.h"

#include <string.h>

#include "cli/output.h"
#include "cli/text.h"
#include "contract/version.h"

json_object *json_document(const char *command) {
    json_object *document = json_object_new_object();
    json_add_unsigned(document, "schema_version", JSON_SCHEMA_VERSION);
    json_add_text(document, "rein_version", rein_version());
    json_add_text(document, "command", command);
    return document;
}

void json_add_text(json_object *object, const char *key, const char *text) {
    bool is_known = text != NULL && *text != '\0';
    json_object_object_add(object, key, is_known ? json_object_new_string(text) : NULL);
}

void json_add_path(arena *memory, json_object *object, const char *key, const char *path) {
    json_add_text(object, key, text_printable(memory, path, strlen(path)));
}

void json_add_unsigned(json_object *object, const char *key, uint64_t number) {
    json_object_object_add(object, key, json_object_new_uint64(number));
}

void json_add_signed(json_object *object, const char *key, int64_t number) {
    json_object_object_add(object, key, json_object_new_int64(number));
}

void json_add_bool(json_object *object, const char *key, bool is_true) {
    json_object_object_add(object, key, json_object_new_boolean(is_true));
}

void json_add_fact(json_object *object, const char *key, rein_fact_u64 fact) {
    json_object_object_add(object, key, fact.is_known ? json_object_new_uint64(fact.value) : NULL);
}

void json_add_signed_fact(json_object *object, const char *key, rein_fact_i64 fact) {
    json_object_object_add(object, key, fact.is_known ? json_object_new_int64(fact.value) : NULL);
}

void json_add_bool_fact(json_object *object, const char *key, rein_fact_bool fact) {
    json_object_object_add(object, key, fact.is_known ? json_object_new_boolean(fact.value) : NULL);
}

void json_add_profile_facts(json_object *object, const rein_device_profile *profile) {
    json_add_fact(object, "total_bytes", profile->total_bytes);
    json_add_fact(object, "free_bytes", profile->free_bytes);
    json_add_fact(object, "context_overhead_bytes", profile->context_overhead_bytes);
    json_add_fact(object, "granularity_bytes", profile->allocation_granularity_bytes);
    json_add_signed_fact(object, "compute_capability_major", profile->compute_capability_major);
    json_add_signed_fact(object, "compute_capability_minor", profile->compute_capability_minor);
    json_add_fact(object, "multiprocessors", profile->multiprocessor_count);
    json_add_fact(object, "connections", profile->connection_count);
    json_add_signed_fact(object, "least_stream_priority", profile->least_stream_priority);
    json_add_signed_fact(object, "greatest_stream_priority", profile->greatest_stream_priority);
    json_add_bool_fact(object, "memory_pools", profile->supports_memory_pools);
    json_add_bool_fact(object, "integrated", profile->is_integrated);
    json_add_fact(object, "driver_version", profile->driver_version);
    json_add_fact(object, "runtime_version", profile->runtime_version);
}

json_object *json_add_object(json_object *object, const char *key) {
    json_object *added = json_object_new_object();
    json_object_object_add(object, key, added);
    return added;
}

json_object *json_add_array(json_object *object, const char *key) {
    json_object *added = json_object_new_array();
    json_object_object_add(object, key, added);
    return added;
}

json_object *json_append_object(json_object *array) {
    json_object *added = json_object_new_object();
    json_object_array_add(array, added);
    return added;
}

bool json_print(diagnostics *sink, json_object *document) {
    const int flags =
        JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE;
    output_text *text = output_open(sink->memory);
    const char *rendered = json_object_to_json_string_ext(document, flags);
    if (rendered != NULL) {
        fprintf(text->stream, "%s\n", rendered);
    }
    json_object_put(document);
    if (rendered == NULL) {
        output_discard(text);
        report(sink, "out of memory");
        return false;
    }
    return output_to_standard(sink, text);
}

char *json_line(json_object *document) {
    const int flags = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;
    const char *rendered = json_object_to_json_string_ext(document, flags);
    char *line = rendered == NULL ? NULL : strdup(rendered);
    json_object_put(document);
    return line;
}
