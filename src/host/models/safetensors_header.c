#include "host/models/safetensors_header.h"

#include <string.h>

#include "host/contract/invalid.h"
#include "host/models/file_check.h"
#include "host/models/json_reader.h"
#include "host/models/malformed.h"
#include "host/models/safetensors_tensor.h"

rein_result_void rein_i_safetensors_header_begin(const rein_model_file *file,
                                                 safetensors_header *out_header) {
    REIN_TRY(rein_result_void, rein_i_model_file_check(file, REIN_HERE));
    byte_reader bytes;
    rein_i_byte_reader_init(&bytes, file, 0, file->size_bytes);
    uint64_t length = 0;
    REIN_TRY(rein_result_void, rein_i_byte_reader_take_u64(&bytes, &length));
    if (length > SAFETENSORS_HEADER_BYTES_MAX) {
        return rein_i_invalid(REIN_HERE,
                              "at byte {u}: the header has {u} bytes; it must have at most {u}", 0,
                              length, SAFETENSORS_HEADER_BYTES_MAX);
    }
    if (length > byte_reader_left(&bytes)) {
        return rein_i_invalid(
            REIN_HERE, "at byte {u}: the header has {u} bytes, but the file ends at byte {u}", 0,
            length, file->size_bytes);
    }
    *out_header = (safetensors_header){.file = file, .end = SAFETENSORS_LENGTH_BYTES + length};
    return rein_done();
}

/* Starts reading JSON, and reads the brace. */
static rein_result_void open_header(const safetensors_header *header, json_reader *reader,
                                    char *text) {
    rein_i_json_reader_init(reader, header->file, SAFETENSORS_LENGTH_BYTES, header->end, text,
                            REIN_SAFETENSORS_NAME_CAPACITY);
    static const char message[] = "at byte {u}: the header must begin with an open brace";
    json_token token;
    REIN_TRY(rein_result_void, rein_i_json_next_of(reader, JSON_OBJECT_BEGIN, message, "", &token));
    if (token.offset != SAFETENSORS_LENGTH_BYTES) {
        return rein_i_invalid(REIN_HERE, message, SAFETENSORS_LENGTH_BYTES, 0, 0);
    }
    return rein_done();
}

/* Reads the values of an object after its brace, and adds the number of its keys. */
static rein_result_void count_keys(json_reader *reader, size_t *count) {
    json_token token;
    REIN_TRY(rein_result_void, rein_i_json_next(reader, &token));
    while (token.kind == JSON_KEY) {
        ++*count;
        REIN_TRY(rein_result_void, rein_i_json_next(reader, &token));
        REIN_TRY(rein_result_void, rein_i_json_skip(reader, token));
        REIN_TRY(rein_result_void, rein_i_json_next(reader, &token));
    }
    return rein_done();
}

static rein_result_void count_value(safetensors_header *header, json_reader *reader,
                                    bool is_metadata) {
    json_token token;
    REIN_TRY(rein_result_void, rein_i_json_next(reader, &token));
    if (is_metadata && token.kind == JSON_OBJECT_BEGIN) {
        return count_keys(reader, &header->entry_capacity);
    }
    header->tensor_capacity += is_metadata ? 0 : 1;
    return rein_i_json_skip(reader, token);
}

rein_result_void rein_i_safetensors_header_count(safetensors_header *header) {
    json_reader reader;
    char text[REIN_SAFETENSORS_NAME_CAPACITY];
    REIN_TRY(rein_result_void, open_header(header, &reader, text));
    json_token token;
    REIN_TRY(rein_result_void, rein_i_json_next(&reader, &token));
    while (token.kind == JSON_KEY) {
        bool is_metadata = rein_i_json_text_is(&reader, &token, "__metadata__");
        REIN_TRY(rein_result_void, count_value(header, &reader, is_metadata));
        REIN_TRY(rein_result_void, rein_i_json_next(&reader, &token));
    }
    return rein_i_json_next(&reader, &token);
}

static rein_result_void read_entry(safetensors_header *header, json_reader *reader,
                                   const json_token *key) {
    if (header->entry_count == header->entry_capacity) {
        return rein_i_model_file_changed(REIN_HERE);
    }
    rein_safetensors_entry *entry = &header->entries[header->entry_count];
    memcpy(entry->key, reader->text, sizeof entry->key);
    entry->key_text = key->text;
    json_token value;
    REIN_TRY(rein_result_void,
             rein_i_json_next_of(reader, JSON_STRING,
                                 "at byte {u}: the metadata '{text}' must be a string", entry->key,
                                 &value));
    entry->value_text = value.text;
    header->entry_count++;
    return rein_done();
}

static rein_result_void read_metadata(safetensors_header *header, json_reader *reader) {
    json_token token;
    REIN_TRY(rein_result_void, rein_i_json_next_of(reader, JSON_OBJECT_BEGIN,
                                                   "at byte {u}: '{text}' must be an object",
                                                   "__metadata__", &token));
    REIN_TRY(rein_result_void, rein_i_json_next(reader, &token));
    while (token.kind == JSON_KEY) {
        REIN_TRY(rein_result_void, read_entry(header, reader, &token));
        REIN_TRY(rein_result_void, rein_i_json_next(reader, &token));
    }
    return rein_done();
}

static rein_result_void read_tensor(safetensors_header *header, json_reader *reader,
                                    const json_token *key) {
    if (header->tensor_count == header->tensor_capacity) {
        return rein_i_model_file_changed(REIN_HERE);
    }
    rein_safetensors_tensor *tensor = &header->tensors[header->tensor_count];
    memset(tensor, 0, sizeof *tensor);
    memcpy(tensor->name, reader->text, sizeof tensor->name);
    tensor->name_text = key->text;
    uint64_t data_bytes = header->file->size_bytes - header->end;
    REIN_TRY(rein_result_void, rein_i_safetensors_tensor_read(reader, data_bytes, tensor));
    header->tensor_count++;
    return rein_done();
}

static rein_result_void read_member(safetensors_header *header, json_reader *reader,
                                    const json_token *key, bool *has_metadata) {
    if (!rein_i_json_text_is(reader, key, "__metadata__")) {
        return read_tensor(header, reader, key);
    }
    if (*has_metadata) {
        return rein_i_occurs_twice(REIN_HERE, key->offset, "__metadata__");
    }
    *has_metadata = true;
    return read_metadata(header, reader);
}

rein_result_void rein_i_safetensors_header_read(safetensors_header *header) {
    json_reader reader;
    char text[REIN_SAFETENSORS_NAME_CAPACITY] = "";
    REIN_TRY(rein_result_void, open_header(header, &reader, text));
    bool has_metadata = false;
    json_token token;
    REIN_TRY(rein_result_void, rein_i_json_next(&reader, &token));
    while (token.kind == JSON_KEY) {
        REIN_TRY(rein_result_void, read_member(header, &reader, &token, &has_metadata));
        REIN_TRY(rein_result_void, rein_i_json_next(&reader, &token));
    }
    return rein_i_json_next(&reader, &token);
}
