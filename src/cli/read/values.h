/* Readers of single values, for field tables (fields.h). If a value is rejected, they report it
 * and leave the output unchanged. */
#ifndef REIN_CLI_READ_VALUES_H
#define REIN_CLI_READ_VALUES_H

#include "cli/read/fields.h"
#include "contract/clock.h"
#include "contract/device.h"

/* A size that the user may state. */
typedef struct stated_bytes {
    bool is_stated;
    uint64_t bytes;
    position at;
} stated_bytes;

/* A text that the user may state; NULL if it is not stated. */
typedef struct stated_text {
    const char *text;
    position at;
} stated_text;

/* A count that the user may state. */
typedef struct stated_count {
    bool is_stated;
    uint64_t count;
    position at;
} stated_count;

/* A boolean that the user may state. */
typedef struct stated_flag {
    bool is_stated;
    bool is_set; /* false if it is not stated */
    position at;
} stated_flag;

/* Returns the size as a fact: known if it is stated. */
rein_fact_u64 stated_bytes_fact(const stated_bytes *stated);

bool read_stated_bytes(const field_reader *reader, const node *value, void *out_stated_bytes);
bool read_stated_count(const field_reader *reader, const node *value, void *out_stated_count);
bool read_stated_text(const field_reader *reader, const node *value, void *out_stated_text);
bool read_stated_flag(const field_reader *reader, const node *value, void *out_stated_flag);

/* As read_stated_bytes and read_stated_count, for values above 0. */
bool read_positive_bytes(const field_reader *reader, const node *value, void *out_stated_bytes);
bool read_positive_count(const field_reader *reader, const node *value, void *out_stated_count);

/* Reads a size with its unit into a rein_fact_u64. */
bool read_bytes_fact(const field_reader *reader, const node *value, void *out_fact);
/* Reads a whole number into a rein_fact_u64. */
bool read_count_fact(const field_reader *reader, const node *value, void *out_fact);
/* Reads a whole number with an optional minus sign into a rein_fact_i64. */
bool read_integer_fact(const field_reader *reader, const node *value, void *out_fact);
/* Reads true or false into a rein_fact_bool. */
bool read_bool_fact(const field_reader *reader, const node *value, void *out_fact);

/* Reads a size with its unit into a uint64_t. */
bool read_bytes(const field_reader *reader, const node *value, void *out_bytes);
/* Reads true or false into a bool. */
bool read_flag(const field_reader *reader, const node *value, void *out_flag);
/* Reads a whole number into an int32_t. */
bool read_int32(const field_reader *reader, const node *value, void *out_number);
/* Reads a time with its unit into a rein_duration. */
bool read_duration(const field_reader *reader, const node *value, void *out_duration);
/* Reads the schema, which must be 1. */
bool read_schema(const field_reader *reader, const node *value, void *out_unused);

/* Reads a document into `out_object`. The schema is checked first, because the other keys depend on
 * it. Reports errors and returns false. */
bool read_document(diagnostics *sink, const input_file *file, const field_table *table,
                   void *out_object);

/* Reports that a scalar is not of the form; returns false. */
bool refuse_value(const field_reader *reader, const node *value, const value_form *form);

/* Reports that a scalar must be greater than 0; returns false. */
bool refuse_zero(const field_reader *reader, const node *value);

/* Returns the text of a scalar that is quoted, or plain and not null, true or false. Otherwise
 * reports it and returns NULL. */
const char *read_text(const field_reader *reader, const node *value, const value_form *form);

#endif
