#include "host/models/safetensors_index_file.h"

#include <string.h>

#include "host/contract/invalid.h"
#include "host/models/file_check.h"
#include "host/models/json_reader.h"
#include "host/models/malformed.h"

typedef struct index_parser {
    json_reader reader;
    char text[REIN_SAFETENSORS_SHARD_CAPACITY];     /* of the reader */
    char previous[REIN_SAFETENSORS_SHARD_CAPACITY]; /* the shard of the pair before */
    bool has_map;
    index_file *index;
} index_parser;

enum { INDEX_BYTES_MAX = 100000000 };

static rein_result_void check_file(const rein_model_file *file) {
    REIN_TRY(rein_result_void, rein_i_model_file_check(file, REIN_HERE));
    if (file->size_bytes > INDEX_BYTES_MAX) {
        return rein_i_invalid(REIN_HERE,
                              "at byte {u}: the index has {u} bytes; it must have at most {u}", 0,
                              file->size_bytes, INDEX_BYTES_MAX);
    }
    return rein_done();
}

static bool is_file_name(const char *name, uint64_t size) {
    bool has_end = size == strlen(name); /* the text is not cut and holds no NUL */
    return size > 0 && has_end && strpbrk(name, "/\\") == NULL && strcmp(name, ".") != 0 &&
           strcmp(name, "..") != 0;
}

/* Adds a run unless the shard is that of the pair before. */
static void add_run(index_parser *parser, const rein_safetensors_text *text) {
    index_file *index = parser->index;
    if (index->run_count > 0 && strcmp(parser->previous, parser->text) == 0) {
        return;
    }
    memcpy(parser->previous, parser->text, sizeof parser->previous);
    if (index->run_count < index->run_capacity) {
        rein_safetensors_shard *run = &index->runs[index->run_count];
        memcpy(run->name, parser->text, sizeof run->name);
        run->tensor_count = 0;
        index->run_texts[index->run_count] = *text;
    }
    index->run_count++;
}

static void add_tensor(index_file *index, const char *name, const rein_safetensors_text *text) {
    if (index->tensor_count < index->tensor_capacity) {
        rein_safetensors_index_tensor *tensor = &index->tensors[index->tensor_count];
        memcpy(tensor->name, name, sizeof tensor->name);
        tensor->name_text = *text;
        tensor->shard = index->run_count - 1;
    }
    index->tensor_count++;
}

static rein_result_void read_pair(index_parser *parser, const json_token *key) {
    char name[REIN_SAFETENSORS_NAME_CAPACITY];
    memcpy(name, parser->text, sizeof name);
    parser->reader.text_capacity = REIN_SAFETENSORS_SHARD_CAPACITY;
    json_token value;
    REIN_TRY(rein_result_void,
             rein_i_json_next_of(&parser->reader, JSON_STRING,
                                 "at byte {u}: the shard of '{text}' must be a string", name,
                                 &value));
    if (!is_file_name(parser->text, value.text.size_bytes)) {
        return rein_i_malformed(
            REIN_HERE,
            "at byte {u}: the shard of '{text}' must be the name of a file in the same folder",
            value.offset, 0, 0, name);
    }
    add_run(parser, &value.text);
    add_tensor(parser->index, name, &key->text);
    return rein_done();
}

/* Reads the next key of an object, or its end. */
static rein_result_void next_key(index_parser *parser, json_token *out_token) {
    parser->reader.text_capacity = REIN_SAFETENSORS_NAME_CAPACITY;
    return rein_i_json_next(&parser->reader, out_token);
}

static rein_result_void read_map(index_parser *parser, const json_token *key) {
    static const char name[] = "weight_map";
    if (parser->has_map) {
        return rein_i_occurs_twice(REIN_HERE, key->offset, name);
    }
    parser->has_map = true;
    json_token token;
    REIN_TRY(rein_result_void,
             rein_i_json_next_of(&parser->reader, JSON_OBJECT_BEGIN,
                                 "at byte {u}: '{text}' must be an object", name, &token));
    REIN_TRY(rein_result_void, next_key(parser, &token));
    while (token.kind == JSON_KEY) {
        REIN_TRY(rein_result_void, read_pair(parser, &token));
        REIN_TRY(rein_result_void, next_key(parser, &token));
    }
    return rein_done();
}

/* Reads the value of a key of the metadata. */
static rein_result_void read_metadata_value(index_parser *parser, const json_token *key) {
    bool is_total = rein_i_json_text_is(&parser->reader, key, "total_size");
    json_token value;
    REIN_TRY(rein_result_void, rein_i_json_next(&parser->reader, &value));
    if (is_total) {
        parser->index->total_size = json_is_unsigned(&value) ? rein_fact_u64_known(value.magnitude)
                                                             : rein_fact_u64_unknown();
    }
    return rein_i_json_skip(&parser->reader, value);
}

static rein_result_void read_metadata(index_parser *parser) {
    json_token token;
    REIN_TRY(rein_result_void, rein_i_json_next(&parser->reader, &token));
    if (token.kind != JSON_OBJECT_BEGIN) {
        return rein_i_json_skip(&parser->reader, token);
    }
    REIN_TRY(rein_result_void, next_key(parser, &token));
    while (token.kind == JSON_KEY) {
        REIN_TRY(rein_result_void, read_metadata_value(parser, &token));
        REIN_TRY(rein_result_void, next_key(parser, &token));
    }
    return rein_done();
}

static rein_result_void read_member(index_parser *parser, const json_token *key) {
    if (rein_i_json_text_is(&parser->reader, key, "weight_map")) {
        return read_map(parser, key);
    }
    if (rein_i_json_text_is(&parser->reader, key, "metadata")) {
        return read_metadata(parser);
    }
    json_token value;
    REIN_TRY(rein_result_void, rein_i_json_next(&parser->reader, &value));
    return rein_i_json_skip(&parser->reader, value);
}

static rein_result_void read_members(index_parser *parser, json_token *token) {
    REIN_TRY(rein_result_void, next_key(parser, token));
    while (token->kind == JSON_KEY) {
        REIN_TRY(rein_result_void, read_member(parser, token));
        REIN_TRY(rein_result_void, next_key(parser, token));
    }
    return rein_i_json_next(&parser->reader, token);
}

rein_result_void rein_i_index_file_read(index_file *index) {
    REIN_TRY(rein_result_void, check_file(index->file));
    index_parser parser = {.index = index};
    rein_i_json_reader_init(&parser.reader, index->file, 0, index->file->size_bytes, parser.text,
                            sizeof parser.text);
    json_token token;
    REIN_TRY(rein_result_void,
             rein_i_json_next_of(&parser.reader, JSON_OBJECT_BEGIN,
                                 "at byte {u}: the index must be an object", "", &token));
    uint64_t offset = token.offset;
    REIN_TRY(rein_result_void, read_members(&parser, &token));
    if (!parser.has_map) {
        return rein_i_malformed(REIN_HERE, "at byte {u}: the index must have '{text}'", offset, 0,
                                0, "weight_map");
    }
    return rein_done();
}
