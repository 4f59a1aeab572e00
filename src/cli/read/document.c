#include "cli/read/document.h"

#include <string.h>
#include <yaml.h>

#include "cli/base/text.h"
#include "cli/read/duplicates.h"
#include "cli/read/json_comment.h"
#include "host/base/utf8.h"

/* This number of values takes a few hundred MB; no real manifest has as many. */
enum { DEPTH_MAX = 16, VALUES_MAX = 1 << 20 };

typedef struct document_parser {
    yaml_parser_t yaml;
    diagnostics *sink;
    const char *file;
    const char *text;
    size_t value_count; /* including keys */
} document_parser;

static position position_of(yaml_mark_t mark) {
    return (position){.line = mark.line + 1, .column = mark.column + 1};
}

bool node_is_nothing(const node *value) {
    return value->kind == NODE_SCALAR && !value->is_quoted && *value->text == '\0';
}

const char *node_kind_name(const node *value) {
    static const char *const names[] = {
        [NODE_SCALAR] = "a single value", [NODE_MAPPING] = "a mapping", [NODE_SEQUENCE] = "a list"};
    return node_is_nothing(value) ? "an empty value" : names[value->kind];
}

static bool refuse(document_parser *parser, yaml_mark_t mark, const char *message) {
    report_at(parser->sink, parser->file, position_of(mark), "%s", message);
    return false;
}

/* Returns whether a tab is at the mark, or follows it in the indentation of its line. */
static bool is_before_tab(const document_parser *parser, yaml_mark_t mark) {
    const char *at = parser->text;
    for (size_t index = 0; index < mark.index; at++) {
        index += !utf8_is_continuation(at[1]);
    }
    return at[strspn(at, " ")] == '\t';
}

/* Returns the problem in words that say what to do, or as libyaml describes it. */
static const char *syntax_problem(const document_parser *parser) {
    static const struct {
        const char *of_libyaml;
        const char *text;
    } known[] = {
        {"did not find expected ',' or ']'", "',' or ']' is missing"},
        {"did not find expected ',' or '}'", "',' or '}' is missing"},
        {"could not find expected ':'", "':' is missing after a key"},
        {"did not find expected node content", "a value is missing"},
        {"did not find expected key", "a key is missing; check the indentation"},
        {"did not find expected '-' indicator", "'- ' is missing; check the indentation"},
        {"found unexpected end of stream", "the closing quote is missing"},
        {"mapping values are not allowed in this context",
         "unexpected ':'; check the indentation, or put the text in quotes"},
        {"found character that cannot start any token",
         "unexpected character; put a text that begins with it in quotes"},
    };
    const yaml_parser_t *yaml = &parser->yaml;
    if (is_before_tab(parser, yaml->problem_mark)) {
        return "a tab is used for indentation; use spaces";
    }
    for (size_t index = 0; index < sizeof known / sizeof known[0]; index++) {
        if (strcmp(yaml->problem, known[index].of_libyaml) == 0) {
            return known[index].text;
        }
    }
    return yaml->context == NULL
               ? yaml->problem
               : arena_print(parser->sink->memory, "%s %s", yaml->problem, yaml->context);
}

static void refuse_syntax(document_parser *parser) {
    const yaml_parser_t *yaml = &parser->yaml;
    if (yaml->error == YAML_MEMORY_ERROR) {
        report_in_file(parser->sink, parser->file, "out of memory");
        return;
    }
    report_at(parser->sink, parser->file, position_of(yaml->problem_mark),
              "not valid YAML or JSON: %s", syntax_problem(parser));
}

/* Gets the next event, which the caller must delete. Reports a syntax error and returns false. */
static bool next_event(document_parser *parser, yaml_event_t *out_event) {
    if (yaml_parser_parse(&parser->yaml, out_event) == 0) {
        refuse_syntax(parser);
        return false;
    }
    return true;
}

static node *new_node(document_parser *parser, node_kind kind, const yaml_event_t *event) {
    node *made = arena_allocate(parser->sink->memory, 1, sizeof *made);
    made->kind = kind;
    made->at = position_of(event->start_mark);
    return made;
}

static const node *scalar_node(document_parser *parser, const yaml_event_t *event) {
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    if (!text_is_sound(text, length)) {
        refuse(parser, event->start_mark,
               "the text has a control character or a noncharacter; remove it");
        return NULL;
    }
    node *scalar = new_node(parser, NODE_SCALAR, event);
    scalar->text = arena_copy(parser->sink->memory, text, length);
    scalar->is_quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return scalar;
}

static bool refuse_reference(document_parser *parser, const yaml_event_t *event,
                             const char *feature) {
    report_at(parser->sink, parser->file, position_of(event->start_mark),
              "%s are not supported; write the value itself", feature);
    return false;
}

/* Rejects anchors and tags of scalars, mappings and sequences. */
static bool check_properties(document_parser *parser, const yaml_event_t *event) {
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;
    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    } else {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    }
    if (anchor != NULL) {
        return refuse_reference(parser, event, "anchors (&NAME)");
    }
    if (tag != NULL) {
        return refuse_reference(parser, event, "tags (!NAME)");
    }
    return true;
}

static const node *parse_node(document_parser *parser, const yaml_event_t *event, size_t depth);

/* Returns the node of the next event. Returns NULL and sets `out_is_end` if the event is `end`. */
static const node *parse_next(document_parser *parser, yaml_event_type_t end, size_t depth,
                              bool *out_is_end) {
    yaml_event_t event;
    *out_is_end = false;
    if (!next_event(parser, &event)) {
        return NULL;
    }
    *out_is_end = event.type == end;
    const node *parsed = *out_is_end ? NULL : parse_node(parser, &event, depth);
    yaml_event_delete(&event);
    return parsed;
}

static node_entry *add_entry(document_parser *parser, node *parent, size_t *capacity) {
    parent->entries = arena_grow(parser->sink->memory, parent->entries, parent->entry_count,
                                 capacity, sizeof *parent->entries);
    return &parent->entries[parent->entry_count++];
}

static bool parse_elements(document_parser *parser, node *sequence, size_t depth) {
    size_t capacity = 0;
    for (;;) {
        bool is_end = false;
        const node *element = parse_next(parser, YAML_SEQUENCE_END_EVENT, depth, &is_end);
        if (element == NULL) {
            return is_end;
        }
        *add_entry(parser, sequence, &capacity) = (node_entry){.value = element};
    }
}

static bool check_unique_keys(document_parser *parser, const node *mapping) {
    const char **keys =
        arena_allocate(parser->sink->memory, mapping->entry_count + 1, sizeof *keys);
    for (size_t index = 0; index < mapping->entry_count; index++) {
        keys[index] = mapping->entries[index].key;
    }
    size_t first = 0;
    size_t again = 0;
    if (!find_duplicate(parser->sink->memory, keys, mapping->entry_count, NULL, &first, &again)) {
        return true;
    }
    const found_name repeated = {"key", keys[again], mapping->entries[again].key_at};
    return refuse_duplicate(parser->sink, parser->file, &repeated, mapping->entries[first].key_at);
}

static bool parse_pairs(document_parser *parser, node *mapping, size_t depth) {
    size_t capacity = 0;
    for (;;) {
        bool is_end = false;
        const node *key = parse_next(parser, YAML_MAPPING_END_EVENT, depth, &is_end);
        if (key == NULL) {
            return is_end && check_unique_keys(parser, mapping);
        }
        if (key->kind != NODE_SCALAR) {
            report_at(parser->sink, parser->file, key->at, "a key must be a text; found %s",
                      node_kind_name(key));
            return false;
        }
        const node *value = parse_next(parser, YAML_NO_EVENT, depth, &is_end);
        if (value == NULL) {
            return false;
        }
        *add_entry(parser, mapping, &capacity) =
            (node_entry){.key = key->text, .key_at = key->at, .value = value};
    }
}

static bool has_too_many_values(document_parser *parser, const yaml_event_t *event) {
    parser->value_count++;
    if (parser->value_count > VALUES_MAX) {
        report_at(parser->sink, parser->file, position_of(event->start_mark),
                  "the file has too many values; at most %d are allowed", VALUES_MAX);
    }
    return parser->value_count > VALUES_MAX;
}

/* Recursion is bounded by DEPTH_MAX. */
static const node *parse_node(document_parser *parser, const yaml_event_t *event, size_t depth) {
    if (event->type == YAML_ALIAS_EVENT) {
        refuse_reference(parser, event, "aliases (*NAME)");
        return NULL;
    }
    if (!check_properties(parser, event) || has_too_many_values(parser, event)) {
        return NULL;
    }
    if (event->type == YAML_SCALAR_EVENT) {
        return scalar_node(parser, event);
    }
    if (depth == DEPTH_MAX) {
        report_at(parser->sink, parser->file, position_of(event->start_mark),
                  "nested too deeply; at most %d levels are allowed", DEPTH_MAX);
        return NULL;
    }
    bool is_mapping = event->type == YAML_MAPPING_START_EVENT;
    node *parent = new_node(parser, is_mapping ? NODE_MAPPING : NODE_SEQUENCE, event);
    bool is_parsed = is_mapping ? parse_pairs(parser, parent, depth + 1)
                                : parse_elements(parser, parent, depth + 1);
    return is_parsed ? parent : NULL;
}

/* Reads an event that must be of `type`. Otherwise reports `otherwise` and returns false. */
static bool expect_event(document_parser *parser, yaml_event_type_t type, const char *otherwise) {
    yaml_event_t event;
    if (!next_event(parser, &event)) {
        return false;
    }
    bool is_expected = event.type == type;
    if (!is_expected) {
        refuse(parser, event.start_mark, otherwise);
    }
    yaml_event_delete(&event);
    return is_expected;
}

/* libyaml starts with this event for any text, without allocating memory. */
static void skip_stream_start(document_parser *parser) {
    yaml_event_t start;
    yaml_parser_parse(&parser->yaml, &start);
    yaml_event_delete(&start);
}

static const node *parse_stream(document_parser *parser) {
    skip_stream_start(parser);
    if (!expect_event(parser, YAML_DOCUMENT_START_EVENT,
                      "no document found: the file has only comments and blank lines")) {
        return NULL;
    }
    bool is_end = false;
    const node *root = parse_next(parser, YAML_NO_EVENT, 0, &is_end);
    bool is_whole =
        root != NULL &&
        expect_event(parser, YAML_DOCUMENT_END_EVENT, "unexpected text after the document") &&
        expect_event(parser, YAML_STREAM_END_EVENT,
                     "a second document begins here; only one per file is allowed");
    return is_whole ? root : NULL;
}

/* Returns whether a line of YAML begins at `at`. The line breaks include those of Unicode, except
 * U+0085, which text_is_character rejects. */
static bool begins_line(const char *text, const char *at) {
    static const char line_separator[] = "\xE2\x80\xA8";
    static const char paragraph_separator[] = "\xE2\x80\xA9";
    const size_t length = sizeof line_separator - 1;
    return at == text || at[-1] == '\n' || at[-1] == '\r' ||
           ((size_t)(at - text) >= length &&
            (memcmp(at - length, line_separator, length) == 0 ||
             memcmp(at - length, paragraph_separator, length) == 0));
}

static size_t line_of(const char *text, const char *at) {
    size_t line = 1;
    for (const char *end = strchr(text, '\n'); end != NULL && end < at;
         end = strchr(end + 1, '\n')) {
        line++;
    }
    return line;
}

/* Rejects %TAG before libyaml parses the text: libyaml compares each directive with all others,
 * which takes hours if there are many. */
static bool refuse_tag_directives(diagnostics *sink, const input_file *file) {
    static const char directive[] = "%TAG";
    const char *at = strstr(file->text, directive);
    while (at != NULL && !begins_line(file->text, at)) {
        at = strstr(at + 1, directive);
    }
    if (at != NULL) {
        report_at(sink, file->path, (position){.line = line_of(file->text, at), .column = 1},
                  "tag directives (%%TAG) are not supported; remove them");
    }
    return at != NULL;
}

static bool refuse_json_comment(diagnostics *sink, const input_file *file) {
    position at;
    if (!json_comment_find(file->text, &at)) {
        return false;
    }
    report_at(
        sink, file->path, at,
        "JSON has no comments: remove it or begin it with '# ' as in YAML; a text that begins with "
        "// or /* must be in quotes");
    return true;
}

const node *document_parse(diagnostics *sink, const input_file *file) {
    document_parser parser = {.sink = sink, .file = file->path, .text = file->text};
    if (refuse_tag_directives(sink, file) || refuse_json_comment(sink, file)) {
        return NULL;
    }
    if (yaml_parser_initialize(&parser.yaml) == 0) {
        report_in_file(sink, file->path, "out of memory");
        return NULL;
    }
    yaml_parser_set_encoding(&parser.yaml, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser.yaml, (const unsigned char *)file->text, file->length);
    const node *root = parse_stream(&parser);
    yaml_parser_delete(&parser.yaml);
    return root;
}
