/* Readers of single values, for field tables (fields.h). Each says in its message what was
 * expected, and leaves its output as it was if the value is refused. */
#ifndef REIN_CLI_READ_VALUES_H
#define REIN_CLI_READ_VALUES_H

#include "cli/read/fields.h"
#include "contract/clock.h"
#include "contract/device.h"

/* A size that the user stated somewhere. */
typedef struct stated_bytes {
    bool is_stated;
    uint64_t bytes;
    position at;
} stated_bytes;

/* A text that the user stated somewhere; NULL if not. */
typedef struct stated_text {
    const char *text;
    position at;
} stated_text;

/* A count that the user stated somewhere. */
typedef struct stated_count {
    bool is_stated;
    uint64_t count;
    position at;
} stated_count;

/* Known if it is stated. */
rein_fact_u64 stated_bytes_fact(const stated_bytes *stated);

bool read_stated_bytes(const field_reader *reader, const node *value, void *out_stated_bytes);
bool read_stated_count(const field_reader *reader, const node *value, void *out_stated_count);
bool read_stated_text(const field_reader *reader, const node *value, void *out_stated_text);

/* Into a rein_fact_u64: a size with its unit. */
bool read_bytes_fact(const field_reader *reader, const node *value, void *out_fact);
/* Into a rein_fact_u64: a whole number. */
bool read_count_fact(const field_reader *reader, const node *value, void *out_fact);
/* Into a rein_fact_i64: a whole number with or without a minus sign. */
bool read_integer_fact(const field_reader *reader, const node *value, void *out_fact);
/* Into a rein_fact_bool: true or false. */
bool read_bool_fact(const field_reader *reader, const node *value, void *out_fact);

/* Into a uint64_t: a size with its unit. */
bool read_bytes(const field_reader *reader, const node *value, void *out_bytes);
/* Into an int32_t: a whole number. */
bool read_int32(const field_reader *reader, const node *value, void *out_number);
/* Into a rein_duration: a time with its unit. */
bool read_duration(const field_reader *reader, const node *value, void *out_duration);
/* The only schema that is read: 1. */
bool read_schema(const field_reader *reader, const node *value, void *out_unused);

/* Reads a whole document into `out_object`, its schema first: in another schema, nothing else would
 * make sense. Reports what is wrong and returns false. */
bool read_document(diagnostics *sink, const input_file *file, const field_table *table,
                   void *out_object);

/* Reports a scalar's text and what was expected in its place; returns false. */
bool refuse_value(const field_reader *reader, const node *value, const char *expected);

/* The text of a scalar that is one: quoted, or plain and no null, true or false. NULL if not. */
const char *read_text(const field_reader *reader, const node *value, const char *expected);

#endif
