/* A YAML document as a tree, parsed strictly. JSON is accepted as YAML.
 *
 * The parser rejects:
 * - text that is not YAML, and more than one document;
 * - anchors, aliases, tags and directives;
 * - keys that are not plain texts or are repeated in a mapping;
 * - escaped control characters and noncharacters;
 * - more nesting or more values than any valid document has.
 *
 * Time is therefore O(n log n) and memory O(n) in the length of any text. Scalars stay texts; the
 * reader of a field interprets them. */
#ifndef REIN_CLI_READ_DOCUMENT_H
#define REIN_CLI_READ_DOCUMENT_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"
#include "cli/read/input_file.h"

typedef enum node_kind { NODE_SCALAR, NODE_MAPPING, NODE_SEQUENCE } node_kind;

typedef struct node node;

typedef struct node_entry {
    const char *key; /* in a mapping, else NULL */
    position key_at;
    const node *value;
} node_entry;

struct node {
    node_kind kind;
    position at;
    const char *text; /* scalars only */
    /* A scalar that is quoted or a block scalar: a text even if it looks like a number. */
    bool is_quoted;
    node_entry *entries;
    size_t entry_count;
};

/* Returns whether the value is missing, as in "key:". */
bool node_is_nothing(const node *value);

/* Returns what a value is, for messages: "a list". */
const char *node_kind_name(const node *value);

/* Returns the root, which lives as long as the sink's memory. Reports an error and returns NULL. */
const node *document_parse(diagnostics *sink, const input_file *file);

#endif
