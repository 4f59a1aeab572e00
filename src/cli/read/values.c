#include "cli/read/values.h"

#include <string.h>
#include <strings.h>

#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "contract/units.h"

static const value_form size_form = {"a valid size", "one such as 512MiB"};
static const value_form time_form = {"a valid time", "one such as 100ms"};
static const value_form text_form = {"a text", NULL};
static const value_form number_form = {"a whole number", "one such as -5"};
static const value_form bool_form = {"a boolean", "true or false"};
static const value_form schema_form = {"a schema that this version reads", "1"};

bool refuse_value(const field_reader *reader, const node *value, const value_form *form) {
    return refuse_form(reader, value->at, text_quote(reader->sink->memory, value->text), form);
}

bool refuse_zero(const field_reader *reader, const node *value) {
    report_at(reader->sink, reader->file, value->at, "%s is too small; it must be greater than 0",
              text_quote(reader->sink->memory, value->text));
    return false;
}

/* Refuses a value of a type that must not be quoted. */
static bool refuse_plain(const field_reader *reader, const node *value, const value_form *form) {
    if (!value->is_quoted) {
        return refuse_value(reader, value, form);
    }
    report_at(reader->sink, reader->file, value->at, "%s is in quotes; remove the quotes",
              text_quote(reader->sink->memory, value->text));
    return false;
}

static bool refuse_error(const field_reader *reader, const node *value, const rein_error *error) {
    report_at(reader->sink, reader->file, value->at, "%s", error_text(reader->sink->memory, error));
    return false;
}

/* Returns whether YAML or JSON would read the value as something other than a string. */
static bool is_literal(const node *value) {
    static const char *const literals[] = {"~", "null", "true", "false"};
    for (size_t index = 0; index < sizeof literals / sizeof literals[0]; index++) {
        if (!value->is_quoted && strcasecmp(value->text, literals[index]) == 0) {
            return true;
        }
    }
    return false;
}

const char *read_text(const field_reader *reader, const node *value, const value_form *form) {
    if (!expect_kind(reader, value, NODE_SCALAR, form)) {
        return NULL;
    }
    if (*value->text == '\0') {
        refuse_value(reader, value, form);
        return NULL;
    }
    if (is_literal(value)) {
        report_at(reader->sink, reader->file, value->at, "%s is not a text; put it in quotes",
                  text_quote(reader->sink->memory, value->text));
        return NULL;
    }
    return value->text;
}

bool read_stated_text(const field_reader *reader, const node *value, void *out_stated_text) {
    const char *text = read_text(reader, value, &text_form);
    if (text == NULL) {
        return false;
    }
    *(stated_text *)out_stated_text = (stated_text){.text = text, .at = value->at};
    return true;
}

bool read_bytes(const field_reader *reader, const node *value, void *out_bytes) {
    if (!expect_kind(reader, value, NODE_SCALAR, &size_form)) {
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

bool read_positive_bytes(const field_reader *reader, const node *value, void *out_stated) {
    stated_bytes stated = {.is_stated = false};
    if (!read_stated_bytes(reader, value, &stated)) {
        return false;
    }
    if (stated.bytes == 0) {
        return refuse_zero(reader, value);
    }
    *(stated_bytes *)out_stated = stated;
    return true;
}

bool read_duration(const field_reader *reader, const node *value, void *out_duration) {
    if (!expect_kind(reader, value, NODE_SCALAR, &time_form)) {
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
    const value_form form = {number_range(reader->sink->memory, 0, largest), NULL};
    if (!expect_kind(reader, value, NODE_SCALAR, &form)) {
        return false;
    }
    if (value->is_quoted || !parse_unsigned(value->text, largest, out_number)) {
        return refuse_plain(reader, value, &form);
    }
    return true;
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

bool read_positive_count(const field_reader *reader, const node *value, void *out_stated) {
    stated_count stated = {.is_stated = false};
    if (!read_stated_count(reader, value, &stated)) {
        return false;
    }
    if (stated.count == 0) {
        return refuse_zero(reader, value);
    }
    *(stated_count *)out_stated = stated;
    return true;
}

bool read_integer_fact(const field_reader *reader, const node *value, void *out_fact) {
    int64_t number = 0;
    if (!expect_kind(reader, value, NODE_SCALAR, &number_form)) {
        return false;
    }
    if (value->is_quoted || !parse_signed(value->text, &number)) {
        return refuse_plain(reader, value, &number_form);
    }
    *(rein_fact_i64 *)out_fact = rein_fact_i64_known(number);
    return true;
}

bool read_bool_fact(const field_reader *reader, const node *value, void *out_fact) {
    if (!expect_kind(reader, value, NODE_SCALAR, &bool_form)) {
        return false;
    }
    bool is_true = strcmp(value->text, "true") == 0;
    if (value->is_quoted || (!is_true && strcmp(value->text, "false") != 0)) {
        return refuse_plain(reader, value, &bool_form);
    }
    *(rein_fact_bool *)out_fact = rein_fact_bool_known(is_true);
    return true;
}

bool read_flag(const field_reader *reader, const node *value, void *out_flag) {
    rein_fact_bool flag = {.is_known = false};
    if (!read_bool_fact(reader, value, &flag)) {
        return false;
    }
    *(bool *)out_flag = flag.value;
    return true;
}

bool read_stated_flag(const field_reader *reader, const node *value, void *out_stated_flag) {
    rein_fact_bool flag;
    if (!read_bool_fact(reader, value, &flag)) {
        return false;
    }
    *(stated_flag *)out_stated_flag =
        (stated_flag){.is_stated = true, .is_set = flag.value, .at = value->at};
    return true;
}

bool read_schema(const field_reader *reader, const node *value, void *out_unused) {
    (void)out_unused;
    if (!expect_kind(reader, value, NODE_SCALAR, &schema_form)) {
        return false;
    }
    if (strcmp(value->text, "1") == 0 && !value->is_quoted) {
        return true;
    }
    return refuse_plain(reader, value, &schema_form);
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
