#include "cli/read/values.h"

#include <string.h>
#include <strings.h>

#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "contract/units.h"

bool refuse_value(const field_reader *reader, const node *value, const char *expected) {
    report_at(reader->sink, reader->file, value->at, "%s, expected %s",
              text_quote(reader->sink->memory, value->text), expected);
    return false;
}

/* Refuses a value of a type that must not be quoted. */
static bool refuse_plain(const field_reader *reader, const node *value, const char *expected) {
    return refuse_value(reader, value,
                        value->is_quoted
                            ? arena_print(reader->sink->memory, "%s, not in quotes", expected)
                            : expected);
}

static bool refuse_error(const field_reader *reader, const node *value, const rein_error *error) {
    report_at(reader->sink, reader->file, value->at, "%s", error_text(reader->sink->memory, error));
    return false;
}

/* Returns whether YAML or JSON would read the value as something other than a string. */
static bool is_literal(const node *value) {
    static const char *const literals[] = {"", "~", "null", "true", "false"};
    for (size_t index = 0; index < sizeof literals / sizeof literals[0]; index++) {
        if (!value->is_quoted && strcasecmp(value->text, literals[index]) == 0) {
            return true;
        }
    }
    return false;
}

const char *read_text(const field_reader *reader, const node *value, const char *expected) {
    if (!expect_kind(reader, value, NODE_SCALAR, expected)) {
        return NULL;
    }
    if (is_literal(value) || *value->text == '\0') {
        refuse_value(reader, value, expected);
        return NULL;
    }
    return value->text;
}

bool read_stated_text(const field_reader *reader, const node *value, void *out_stated_text) {
    const char *text = read_text(reader, value, "a text");
    if (text == NULL) {
        return false;
    }
    *(stated_text *)out_stated_text = (stated_text){.text = text, .at = value->at};
    return true;
}

bool read_bytes(const field_reader *reader, const node *value, void *out_bytes) {
    static const char expected[] = "a size with its unit, such as 512MiB";
    if (!expect_kind(reader, value, NODE_SCALAR, expected)) {
        return false;
    }
    rein_result_bytes parsed = rein_bytes_parse(value->text);
    if (rein_result_bytes_is_error(parsed)) {
        return refuse_error(reader, value, &REIN_ERROR(parsed));
    }
    *(uint64_t *)out_bytes = REIN_VALUE(parsed);
    return true;
}

bool read_bytes_fact(const field_reader *reader, const node *value, void *out_fact) {
    uint64_t bytes = 0;
    if (!read_bytes(reader, value, &bytes)) {
        return false;
    }
    *(rein_fact_u64 *)out_fact = rein_fact_u64_known(bytes);
    return true;
}

rein_fact_u64 stated_bytes_fact(const stated_bytes *stated) {
    return stated->is_stated ? rein_fact_u64_known(stated->bytes) : rein_fact_u64_unknown();
}

bool read_stated_bytes(const field_reader *reader, const node *value, void *out_stated_bytes) {
    uint64_t bytes = 0;
    if (!read_bytes(reader, value, &bytes)) {
        return false;
    }
    *(stated_bytes *)out_stated_bytes =
        (stated_bytes){.is_stated = true, .bytes = bytes, .at = value->at};
    return true;
}

bool read_duration(const field_reader *reader, const node *value, void *out_duration) {
    if (!expect_kind(reader, value, NODE_SCALAR, "a time with its unit, such as 100ms")) {
        return false;
    }
    rein_result_duration parsed = rein_duration_parse(value->text);
    if (rein_result_duration_is_error(parsed)) {
        return refuse_error(reader, value, &REIN_ERROR(parsed));
    }
    *(rein_duration *)out_duration = REIN_VALUE(parsed);
    return true;
}

static bool read_unsigned(const field_reader *reader, const node *value, uint64_t largest,
                          uint64_t *out_number) {
    if (!expect_kind(reader, value, NODE_SCALAR, "a whole number")) {
        return false;
    }
    if (!value->is_quoted && parse_unsigned(value->text, largest, out_number)) {
        return true;
    }
    arena *memory = reader->sink->memory;
    return refuse_plain(
        reader, value,
        arena_print(memory, "a whole number from 0 to %llu", (unsigned long long)largest));
}

bool read_int32(const field_reader *reader, const node *value, void *out_number) {
    uint64_t number = 0;
    if (!read_unsigned(reader, value, INT32_MAX, &number)) {
        return false;
    }
    *(int32_t *)out_number = (int32_t)number;
    return true;
}

bool read_count_fact(const field_reader *reader, const node *value, void *out_fact) {
    uint64_t count = 0;
    if (!read_unsigned(reader, value, UINT64_MAX, &count)) {
        return false;
    }
    *(rein_fact_u64 *)out_fact = rein_fact_u64_known(count);
    return true;
}

bool read_stated_count(const field_reader *reader, const node *value, void *out_stated_count) {
    uint64_t count = 0;
    if (!read_unsigned(reader, value, UINT64_MAX, &count)) {
        return false;
    }
    *(stated_count *)out_stated_count =
        (stated_count){.is_stated = true, .count = count, .at = value->at};
    return true;
}

bool read_integer_fact(const field_reader *reader, const node *value, void *out_fact) {
    static const char expected[] = "a whole number such as -5";
    int64_t number = 0;
    if (!expect_kind(reader, value, NODE_SCALAR, expected)) {
        return false;
    }
    if (value->is_quoted || !parse_signed(value->text, &number)) {
        return refuse_plain(reader, value, expected);
    }
    *(rein_fact_i64 *)out_fact = rein_fact_i64_known(number);
    return true;
}

bool read_bool_fact(const field_reader *reader, const node *value, void *out_fact) {
    if (!expect_kind(reader, value, NODE_SCALAR, "true or false")) {
        return false;
    }
    bool is_true = strcmp(value->text, "true") == 0;
    if (value->is_quoted || (!is_true && strcmp(value->text, "false") != 0)) {
        return refuse_plain(reader, value, "true or false");
    }
    *(rein_fact_bool *)out_fact = rein_fact_bool_known(is_true);
    return true;
}

bool read_schema(const field_reader *reader, const node *value, void *out_unused) {
    (void)out_unused;
    if (!expect_kind(reader, value, NODE_SCALAR, "1")) {
        return false;
    }
    if (strcmp(value->text, "1") == 0 && !value->is_quoted) {
        return true;
    }
    return refuse_plain(reader, value, "1, the only schema that this version reads");
}

bool read_document(diagnostics *sink, const input_file *file, const field_table *table,
                   void *out_object) {
    const field_reader reader = {.sink = sink, .file = file->path};
    const node *root = document_parse(sink, file);
    if (root == NULL) {
        return false;
    }
    const node_entry *schema = root->kind == NODE_MAPPING ? find_entry(root, "schema") : NULL;
    return (schema == NULL || read_schema(&reader, schema->value, NULL)) &&
           fields_read(&reader, root, table, out_object);
}
