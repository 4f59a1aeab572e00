#include "cli/write/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/memory_stream.h"
#include "cli/base/text.h"
#include "cli/write/output.h"
#include "contract/version.h"

/* Ends the command if json-c is out of memory and returned NULL. JSON's null is NULL too, so it
 * must not be passed. */
static json_object *require(json_object *made) {
    if (made == NULL) {
        stop_without_memory();
    }
    return made;
}

static void add_member(json_object *object, const char *key, json_object *member) {
    if (json_object_object_add(object, key, member) != 0) {
        stop_without_memory();
    }
}

static void add_element(json_object *array, json_object *element) {
    if (json_object_array_add(array, element) != 0) {
        stop_without_memory();
    }
}

json_object *json_document(const char *command) {
    json_object *document = require(json_object_new_object());
    json_add_unsigned(document, "schema_version", JSON_SCHEMA_VERSION);
    json_add_text(document, "rein_version", rein_version());
    json_add_text(document, "command", command);
    return document;
}

/* Makes all texts of a document. UTF-8 is unchanged. */
static json_object *new_text(const char *text) {
    if (text_is_utf8(text)) {
        return require(json_object_new_string(text));
    }
    arena *memory = arena_create();
    json_object *made = require(json_object_new_string(text_printable(memory, text)));
    arena_destroy(memory);
    return made;
}

void json_add_text(json_object *object, const char *key, const char *text) {
    bool is_known = text != NULL && *text != '\0';
    add_member(object, key, is_known ? new_text(text) : NULL);
}

void json_add_unsigned(json_object *object, const char *key, uint64_t number) {
    add_member(object, key, require(json_object_new_uint64(number)));
}

void json_add_signed(json_object *object, const char *key, int64_t number) {
    add_member(object, key, require(json_object_new_int64(number)));
}

void json_add_bool(json_object *object, const char *key, bool is_true) {
    add_member(object, key, require(json_object_new_boolean(is_true)));
}

void json_add_fact(json_object *object, const char *key, rein_fact_u64 fact) {
    add_member(object, key, fact.is_known ? require(json_object_new_uint64(fact.value)) : NULL);
}

void json_add_signed_fact(json_object *object, const char *key, rein_fact_i64 fact) {
    add_member(object, key, fact.is_known ? require(json_object_new_int64(fact.value)) : NULL);
}

static void json_add_bool_fact(json_object *object, const char *key, rein_fact_bool fact) {
    add_member(object, key, fact.is_known ? require(json_object_new_boolean(fact.value)) : NULL);
}

void json_add_budget(json_object *object, const rein_resource_budget *budget) {
    json_add_unsigned(object, "memory_bytes", budget->memory_limit_bytes);
    json_add_signed(object, "streams", budget->stream_limit);
    json_add_signed(object, "compute_ns", budget->compute_budget.ns);
}

void json_add_profile_facts(json_object *object, const rein_device_profile *profile) {
    json_add_fact(object, "total_bytes", profile->total_bytes);
    json_add_fact(object, "free_bytes", profile->free_bytes);
    json_add_fact(object, "context_overhead_bytes", profile->context_overhead_bytes);
    json_add_fact(object, "granularity_bytes", profile->allocation_granularity_bytes);
    json_add_fact(object, "pool_growth_bytes", profile->pool_growth_bytes);
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
    json_object *added = require(json_object_new_object());
    add_member(object, key, added);
    return added;
}

json_object *json_add_array(json_object *object, const char *key) {
    json_object *added = require(json_object_new_array());
    add_member(object, key, added);
    return added;
}

json_object *json_append_object(json_object *array) {
    json_object *added = require(json_object_new_object());
    add_element(array, added);
    return added;
}

void json_append_text(json_object *array, const char *text) {
    add_element(array, new_text(text));
}

static void print_escape(FILE *stream, uint32_t character) {
    if (character > 0xFFFF) {
        uint32_t rest = character - 0x10000;
        fprintf(stream, "\\u%04x", (unsigned)(0xD800 + (rest >> 10)));
        character = 0xDC00 + (rest & 0x3FF);
    }
    fprintf(stream, "\\u%04x", (unsigned)character);
}

/* Replaces invisible characters by escapes, so that a terminal can show the document and a parser
 * reads the same text. Non-ASCII characters occur in texts only. */
static char *escaped(const char *rendered) {
    memory_stream kept;
    memory_stream_open(&kept);
    for (size_t rest = strlen(rendered) + 1; rest > 0;) {
        wchar_t character = 0;
        size_t size = text_decode(rendered, rest, &character);
        if (character < 0x7F || text_character_is_visible(character)) {
            fwrite(rendered, 1, size, kept.stream);
        } else {
            print_escape(kept.stream, (uint32_t)character);
        }
        rendered += size;
        rest -= size;
    }
    if (!memory_stream_close(&kept)) {
        stop_without_memory();
    }
    return kept.text;
}

/* Returns a text that the caller must free. If json-c is out of memory, it drops part of the text
 * and only sets errno. */
static char *render(json_object *document, int flags) {
    errno = 0;
    const char *rendered = json_object_to_json_string_ext(document, flags);
    if (rendered == NULL || errno == ENOMEM) {
        stop_without_memory();
    }
    char *text = escaped(rendered);
    json_object_put(document);
    return text;
}

bool json_print(diagnostics *sink, json_object *document) {
    const int flags =
        JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE;
    output_text *text = output_open(sink->memory);
    char *rendered = render(document, flags);
    fprintf(text->stream, "%s\n", rendered);
    free(rendered);
    return output_to_standard(sink, text);
}

char *json_line(json_object *document) {
    return render(document, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}
