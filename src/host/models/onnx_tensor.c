#include "host/models/onnx_tensor.h"

#include "host/contract/invalid.h"
#include "host/models/onnx_operator.h"
#include "host/models/onnx_type.h"

/* A tensor while its fields are read. */
typedef struct tensor_reading {
    uint64_t offset; /* in the file, of the message */
    file_text name;
    extent_product extents;
    uint64_t negative_extent; /* 0: there is none */
    uint64_t element_type;
    uint64_t location_kind; /* 0: in the file; 1: outside */
    bool has_segment;
    uint64_t raw_bytes;
    uint32_t data_field; /* the field with numbers or texts; 0: none was seen */
    bool has_two_data_fields;
    uint64_t entry_count; /* in that field */
    uint64_t string_bytes;
    bool has_location;
    file_text location;
    rein_fact_u64 external_offset;
    rein_fact_u64 external_length;
} tensor_reading;

/* A key and a value of external_data. */
typedef struct text_pair {
    file_text key;
    file_text value;
} text_pair;

static rein_result_void take_pair_field(void *self, byte_reader *reader,
                                        const protobuf_field *field) {
    text_pair *pair = self;
    (void)reader;
    *(field->number == 1 ? &pair->key : &pair->value) = file_text_of(field);
    return rein_done();
}

static const protobuf_message pair_message = {
    .rules = {[1] = {PROTOBUF_BYTES, true}, [2] = {PROTOBUF_BYTES, true}},
    .on_field = take_pair_field};

static rein_result_void refuse_second(byte_reader *reader, file_text key) {
    return rein_i_onnx_fail(reader, REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                            "at byte {u}: the external data of a tensor state '{text}' twice",
                            (uint64_t[3]){key.offset, 0, 0}, key);
}

static rein_result_void take_location(tensor_reading *tensor, byte_reader *reader,
                                      const text_pair *pair) {
    if (tensor->has_location) {
        return refuse_second(reader, pair->key);
    }
    tensor->has_location = true;
    tensor->location = pair->value;
    return rein_done();
}

static rein_result_void take_number(byte_reader *reader, const text_pair *pair,
                                    rein_fact_u64 *out_number) {
    uint64_t number = 0;
    if (out_number->is_known) {
        return refuse_second(reader, pair->key);
    }
    REIN_TRY(rein_result_void, rein_i_onnx_text_number(reader, pair->value, &number));
    *out_number = rein_fact_u64_known(number);
    return rein_done();
}

static rein_result_void take_external(tensor_reading *tensor, byte_reader *reader,
                                      const protobuf_field *field) {
    static const char *const keys[] = {"location", "offset", "length"};
    enum { LOCATION, OFFSET, LENGTH, KEY_COUNT };
    text_pair pair = {{0, 0}, {0, 0}};
    size_t key = KEY_COUNT;
    REIN_TRY(rein_result_void,
             rein_i_protobuf_read(reader, field->begin, field->end, &pair_message, &pair));
    REIN_TRY(rein_result_void, rein_i_onnx_text_find(reader, pair.key, keys, KEY_COUNT, &key));
    switch (key) {
    case LOCATION:
        return take_location(tensor, reader, &pair);
    case OFFSET:
        return take_number(reader, &pair, &tensor->external_offset);
    case LENGTH:
        return take_number(reader, &pair, &tensor->external_length);
    default:
        return rein_done();
    }
}

static void take_extent(void *self, uint64_t extent) {
    tensor_reading *tensor = self;
    tensor->negative_extent = extent > INT64_MAX ? extent : tensor->negative_extent;
    extent_product_take(&tensor->extents, extent);
}

static rein_result_void take_data(tensor_reading *tensor, byte_reader *reader,
                                  const protobuf_field *field) {
    uint64_t count = 1;
    switch (field->number) {
    case ONNX_STRING_DATA:
        tensor->string_bytes += field->end - field->begin;
        break;
    case ONNX_FLOAT_DATA:
        REIN_TRY(rein_result_void, rein_i_protobuf_count(reader, field, PROTOBUF_FLOATS, &count));
        break;
    case ONNX_DOUBLE_DATA:
        REIN_TRY(rein_result_void, rein_i_protobuf_count(reader, field, PROTOBUF_DOUBLES, &count));
        break;
    default:
        REIN_TRY(rein_result_void, rein_i_protobuf_count(reader, field, PROTOBUF_INTEGERS, &count));
    }
    if (count > 0) {
        bool is_other = tensor->data_field != 0 && tensor->data_field != field->number;
        tensor->has_two_data_fields |= is_other;
        tensor->data_field = field->number;
        tensor->entry_count += count;
    }
    return rein_done();
}

enum {
    TENSOR_DIMS = 1,
    TENSOR_TYPE = 2,
    TENSOR_SEGMENT = 3,
    TENSOR_RAW_DATA = 9,
    TENSOR_EXTERNAL_DATA = 13,
    TENSOR_DATA_LOCATION = 14
};

static rein_result_void take_tensor_field(void *self, byte_reader *reader,
                                          const protobuf_field *field) {
    tensor_reading *tensor = self;
    switch (field->number) {
    case TENSOR_DIMS:
        return rein_i_protobuf_integers(reader, field, take_extent, tensor);
    case TENSOR_TYPE:
        tensor->element_type = field->integer;
        return rein_done();
    case TENSOR_SEGMENT:
        tensor->has_segment = true;
        return rein_done();
    case TENSOR_NAME:
        tensor->name = file_text_of(field);
        return rein_done();
    case TENSOR_RAW_DATA:
        tensor->raw_bytes = field->end - field->begin;
        return rein_done();
    case TENSOR_EXTERNAL_DATA:
        return take_external(tensor, reader, field);
    case TENSOR_DATA_LOCATION:
        tensor->location_kind = field->integer;
        return rein_done();
    default:
        return take_data(tensor, reader, field);
    }
}

static const protobuf_message tensor_message = {
    .rules = {[TENSOR_DIMS] = {PROTOBUF_INTEGERS, false},
              [TENSOR_TYPE] = {PROTOBUF_INTEGER, true},
              [TENSOR_SEGMENT] = {PROTOBUF_BYTES, true},
              [ONNX_FLOAT_DATA] = {PROTOBUF_FLOATS, false},
              [ONNX_INT32_DATA] = {PROTOBUF_INTEGERS, false},
              [ONNX_STRING_DATA] = {PROTOBUF_BYTES, false},
              [ONNX_INT64_DATA] = {PROTOBUF_INTEGERS, false},
              [TENSOR_NAME] = {PROTOBUF_BYTES, true},
              [TENSOR_RAW_DATA] = {PROTOBUF_BYTES, true},
              [ONNX_DOUBLE_DATA] = {PROTOBUF_DOUBLES, false},
              [ONNX_UINT64_DATA] = {PROTOBUF_INTEGERS, false},
              [TENSOR_EXTERNAL_DATA] = {PROTOBUF_BYTES, false},
              [TENSOR_DATA_LOCATION] = {PROTOBUF_INTEGER, true}},
    .on_field = take_tensor_field};

/* Returns the error of a rule, with the offset of the tensor and two more numbers. */
static rein_result_void refuse(byte_reader *reader, const tensor_reading *tensor,
                               rein_error_code code, rein_source_location where,
                               const char *message, uint64_t second, uint64_t third) {
    const uint64_t numbers[3] = {tensor->offset, second, third};
    return rein_i_onnx_fail(reader, code, where, message, numbers, tensor->name);
}

static rein_result_void check_type(byte_reader *reader, const tensor_reading *tensor) {
    if (tensor->element_type == 0) {
        return refuse(reader, tensor, REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                      "at byte {u}: tensor '{text}' has no element type", 0, 0);
    }
    if (tensor->element_type >= REIN_ONNX_TYPE_COUNT) {
        return refuse(reader, tensor, REIN_ERROR_UNSUPPORTED, REIN_HERE,
                      "at byte {u}: tensor '{text}' has element type {u}; the last known is {u}",
                      tensor->element_type, REIN_ONNX_TYPE_COUNT - 1);
    }
    if (tensor->has_segment) {
        return refuse(reader, tensor, REIN_ERROR_UNSUPPORTED, REIN_HERE,
                      "at byte {u}: tensor '{text}' is stored in segments", 0, 0);
    }
    return rein_done();
}

static rein_result_void compute_size(byte_reader *reader, const tensor_reading *reading,
                                     onnx_tensor *out_tensor) {
    if (reading->negative_extent != 0) {
        return refuse(reader, reading, REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                      "at byte {u}: tensor '{text}' has dimension {i}; it must not be negative",
                      reading->negative_extent, 0);
    }
    out_tensor->element_type = (uint32_t)reading->element_type;
    if (!extent_product_end(&reading->extents, &out_tensor->element_count) ||
        !rein_i_onnx_size_bytes(out_tensor->element_type, out_tensor->element_count,
                                &out_tensor->size_bytes)) {
        return refuse(reader, reading, REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                      "at byte {u}: the size of tensor '{text}' does not fit in 64 bits", 0, 0);
    }
    return rein_done();
}

static rein_result_void check_length(byte_reader *reader, const tensor_reading *reading,
                                     uint64_t found_bytes, uint64_t size_bytes) {
    if (found_bytes != size_bytes) {
        return refuse(reader, reading, REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                      "at byte {u}: tensor '{text}' has {u} bytes of data; its type and dimensions "
                      "state {u}",
                      found_bytes, size_bytes);
    }
    return rein_done();
}

static rein_result_void check_entries(byte_reader *reader, const tensor_reading *reading,
                                      const onnx_tensor *tensor) {
    uint64_t expected = rein_i_onnx_data_entries(tensor->element_type, tensor->element_count);
    bool is_in_field = reading->data_field == 0 ||
                       reading->data_field == rein_i_onnx_data_field(tensor->element_type);
    if (!is_in_field || reading->has_two_data_fields) {
        return refuse(reader, reading, REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                      "at byte {u}: tensor '{text}' has data in field {u}; its type has them in "
                      "field {u} alone",
                      reading->data_field, rein_i_onnx_data_field(tensor->element_type));
    }
    if (reading->entry_count != expected) {
        return refuse(reader, reading, REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                      "at byte {u}: tensor '{text}' has {u} entries of data; its type and "
                      "dimensions state {u}",
                      reading->entry_count, expected);
    }
    return rein_done();
}

static rein_result_void check_external(byte_reader *reader, const tensor_reading *reading,
                                       onnx_tensor *tensor) {
    bool is_sound = reading->location_kind == 1 && reading->has_location &&
                    reading->raw_bytes == 0 && reading->data_field == 0 &&
                    tensor->element_type != ONNX_STRING;
    if (!is_sound) {
        return refuse(reader, reading, REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                      "at byte {u}: external data of tensor '{text}' need a location, no data in "
                      "the file, and a type other than string",
                      0, 0);
    }
    REIN_TRY(rein_result_void, rein_i_onnx_path_check(reader, reading->location));
    if (reading->external_length.is_known) {
        REIN_TRY(rein_result_void,
                 check_length(reader, reading, reading->external_length.value, tensor->size_bytes));
    }
    uint64_t offset = reading->external_offset.is_known ? reading->external_offset.value : 0;
    if (!checked_add(offset, tensor->size_bytes, &tensor->external_end)) {
        return refuse(reader, reading, REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                      "at byte {u}: the end of the external data of tensor '{text}' does not fit "
                      "in 64 bits",
                      0, 0);
    }
    tensor->is_external = true;
    tensor->location = reading->location;
    return rein_done();
}

static rein_result_void check_data(byte_reader *reader, const tensor_reading *reading,
                                   onnx_tensor *tensor) {
    if (reading->location_kind != 0) {
        return check_external(reader, reading, tensor);
    }
    if (reading->raw_bytes == 0) {
        tensor->size_bytes += reading->string_bytes;
        return check_entries(reader, reading, tensor);
    }
    if (reading->data_field != 0 || tensor->element_type == ONNX_STRING) {
        return refuse(reader, reading, REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                      "at byte {u}: tensor '{text}' has raw data, and data in field {u} or strings",
                      reading->data_field, 0);
    }
    return check_length(reader, reading, reading->raw_bytes, tensor->size_bytes);
}

rein_result_void rein_i_onnx_tensor_read(byte_reader *reader, const protobuf_field *field,
                                         onnx_tensor *out_tensor) {
    tensor_reading reading = {.offset = field->offset, .extents = extent_product_begin()};
    onnx_tensor tensor = {.is_external = false};
    reading.name.offset = field->begin;
    REIN_TRY(rein_result_void,
             rein_i_protobuf_read(reader, field->begin, field->end, &tensor_message, &reading));
    REIN_TRY(rein_result_void, check_type(reader, &reading));
    REIN_TRY(rein_result_void, compute_size(reader, &reading, &tensor));
    REIN_TRY(rein_result_void, check_data(reader, &reading, &tensor));
    tensor.name = reading.name;
    *out_tensor = tensor;
    return rein_done();
}
