/* A YAML document as a tree, read strictly. JSON is YAML here.
 *
 * Refused: what is not YAML, more than one document, anchors and aliases, tags, directives, keys
 * that are not plain texts or stand twice in a mapping, control characters and noncharacters behind
 * escapes, and nesting deeper and values more than any document of ours has. So time and memory are
 * bounded, whatever the text: time is O(n log n) and memory O(n) in its length. Scalars stay texts:
 * what they mean is for the reader of a field to say. */
#ifndef REIN_CLI_READ_DOCUMENT_H
#define REIN_CLI_READ_DOCUMENT_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"
#include "cli/read/input_file.h"

typedef enum node_kind { NODE_SCALAR, NODE_MAPPING, NODE_SEQUENCE } node_kind;

typedef struct node node;

typedef struct node_entry {
    const char *key; /* of a mapping's entry, else NULL */
    position key_at;
    const node *value;
} node_entry;

struct node {
    node_kind kind;
    position at;
    const char *text; /* of a scalar */
    bool is_quoted;   /* a scalar in quotes or a block scalar: a text, whatever it spells */
    node_entry *entries;
    size_t entry_count;
};

/* Reports what is wrong and returns NULL. The tree lives as long as the sink's memory. */
const node *document_parse(diagnostics *sink, const input_file *file);

#endif
