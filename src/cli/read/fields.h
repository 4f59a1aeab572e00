/* Mappings with known keys: a table says which, and how each is read into a struct. */
#ifndef REIN_CLI_READ_FIELDS_H
#define REIN_CLI_READ_FIELDS_H

#include "cli/read/document.h"

/* The file that is read, and the sink of its messages. */
typedef struct field_reader {
    diagnostics *sink;
    const char *file;
} field_reader;

/* Reads `value` into the member at `out_member`; reports what is wrong and returns false. */
typedef bool (*member_read)(const field_reader *reader, const node *value, void *out_member);

typedef struct field {
    const char *key;
    bool is_required;
    member_read read;
    size_t offset; /* of the member in the struct */
} field;

/* Of an array of fields; only a macro can ask an array. */
#define FIELD_COUNT(fields) (sizeof(fields) / sizeof((fields)[0]))

typedef struct field_table {
    const char *what; /* for messages, such as "a model" */
    const field *fields;
    size_t count;
    /* Called after each key that was read, with all that is read so far; NULL for none. */
    bool (*check)(const field_reader *reader, const node *value, const void *object);
} field_table;

/* Reads a mapping into `out_object`. Goes on after an error, so that one run shows what is wrong;
 * returns whether nothing is. */
bool fields_read(const field_reader *reader, const node *mapping, const field_table *table,
                 void *out_object);

/* Whether `value` is of `kind`, and not just nothing; reports "expected EXPECTED" if not. */
bool expect_kind(const field_reader *reader, const node *value, node_kind kind,
                 const char *expected);

/* The entry of a mapping by its key; NULL if there is none. */
const node_entry *find_entry(const node *mapping, const char *key);

#endif
