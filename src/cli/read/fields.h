/* Mappings with known keys. A table lists the keys and how each is read into a struct. */
#ifndef REIN_CLI_READ_FIELDS_H
#define REIN_CLI_READ_FIELDS_H

#include "cli/read/document.h"

/* The file being read, and the sink of its messages. */
typedef struct field_reader {
    diagnostics *sink;
    const char *file;
} field_reader;

/* Reads `value` into the member at `out_member`. Reports an error and returns false. */
typedef bool (*member_read)(const field_reader *reader, const node *value, void *out_member);

typedef struct field {
    const char *key;
    bool is_required;
    member_read read;
    size_t offset; /* of the member in the struct */
} field;

/* Number of fields in an array. A macro, because a function does not know an array's size. */
#define FIELD_COUNT(fields) (sizeof(fields) / sizeof((fields)[0]))

typedef struct field_table {
    const char *noun; /* for messages, such as "a model" */
    const field *fields;
    size_t count;
    /* Called after each key that was read, with the object as read so far. NULL: no check. */
    bool (*check)(const field_reader *reader, const node *value, const void *object);
} field_table;

/* Reads a mapping into `out_object`. Continues after errors, so that one run reports all of them.
 * Returns false if there were any. */
bool fields_read(const field_reader *reader, const node *mapping, const field_table *table,
                 void *out_object);

/* The form of a value, for messages: "FOUND is not NAME; write EXAMPLE". */
typedef struct value_form {
    const char *name;    /* such as "a valid size" */
    const char *example; /* such as "one such as 512MiB"; NULL: the name says enough */
} value_form;

/* Reports that `found` is not of the form; returns false. */
bool refuse_form(const field_reader *reader, position at, const char *found,
                 const value_form *form);

/* Returns whether `value` is of `kind` and not missing. Otherwise reports it. */
bool expect_kind(const field_reader *reader, const node *value, node_kind kind,
                 const value_form *form);

/* Returns the entry of a mapping by its key, or NULL. */
const node_entry *find_entry(const node *mapping, const char *key);

#endif
