#include "host/models/onnx_value.h"

#include "host/contract/invalid.h"
#include "host/models/malformed.h"
#include "host/models/onnx_type.h"

typedef struct value_reading {
    onnx_value value;
    onnx_dimension_sink on_dimension;
    void *self;
} value_reading;

/* A dimension while its fields are read. */
typedef struct dimension_reading {
    onnx_dimension dimension;
    bool has_both;
} dimension_reading;

enum { DIMENSION_VALUE = 1, DIMENSION_SYMBOL = 2 };

/* Exporters write -1 for an extent that they do not know. */
static rein_result_void take_dimension_field(void *self, byte_reader *reader,
                                             const protobuf_field *field) {
    dimension_reading *reading = self;
    onnx_dimension *dimension = &reading->dimension;
    (void)reader;
    if (field->number == DIMENSION_SYMBOL) {
        dimension->symbol = file_text_of(field);
    } else if (field->integer <= INT64_MAX) {
        dimension->extent = rein_fact_u64_known(field->integer);
    }
    reading->has_both = dimension->extent.is_known && dimension->symbol.length > 0;
    return rein_done();
}

static const protobuf_message dimension_message = {
    .rules =
        {[DIMENSION_VALUE] = {PROTOBUF_INTEGER, true}, [DIMENSION_SYMBOL] = {PROTOBUF_BYTES, true}},
    .on_field = take_dimension_field};

static rein_result_void take_dimension(void *self, byte_reader *reader,
                                       const protobuf_field *field) {
    value_reading *reading = self;
    dimension_reading dimension = {{rein_fact_u64_unknown(), {field->begin, 0}}, false};
    REIN_TRY(rein_result_void, rein_i_protobuf_read(reader, field->begin, field->end,
                                                    &dimension_message, &dimension));
    if (dimension.has_both) {
        return rein_i_invalid(REIN_HERE,
                              "at byte {u}: a dimension has an extent and a symbol; one is allowed",
                              field->offset, 0, 0);
    }
    reading->value.rank++;
    return reading->on_dimension(reading->self, reader, &dimension.dimension);
}

static const protobuf_message shape_message = {.rules = {[1] = {PROTOBUF_BYTES, false}},
                                               .on_field = take_dimension};

enum { TENSOR_ELEMENT_TYPE = 1, TENSOR_SHAPE = 2 };

static rein_result_void take_tensor_field(void *self, byte_reader *reader,
                                          const protobuf_field *field) {
    value_reading *reading = self;
    if (field->number == TENSOR_SHAPE) {
        reading->value.has_shape = true;
        return rein_i_protobuf_read(reader, field->begin, field->end, &shape_message, reading);
    }
    if (field->integer >= REIN_ONNX_TYPE_COUNT) {
        return rein_i_file_error(REIN_ERROR_UNSUPPORTED, REIN_HERE,
                                 "at byte {u}: a value has element type {u}; the last known is {u}",
                                 field->offset, field->integer, REIN_ONNX_TYPE_COUNT - 1, NULL);
    }
    reading->value.element_type = (uint32_t)field->integer;
    return rein_done();
}

static const protobuf_message tensor_message = {
    .rules =
        {[TENSOR_ELEMENT_TYPE] = {PROTOBUF_INTEGER, true}, [TENSOR_SHAPE] = {PROTOBUF_BYTES, true}},
    .on_field = take_tensor_field};

enum {
    TYPE_TENSOR = 1,
    TYPE_SEQUENCE = 4,
    TYPE_MAP = 5,
    TYPE_OPAQUE = 7,
    TYPE_SPARSE_TENSOR = 8,
    TYPE_OPTIONAL = 9
};

static rein_result_void take_type_field(void *self, byte_reader *reader,
                                        const protobuf_field *field) {
    value_reading *reading = self;
    if (reading->value.kind != REIN_ONNX_UNTYPED) {
        return rein_i_invalid(REIN_HERE, "at byte {u}: a value has a second type", field->offset, 0,
                              0);
    }
    if (field->number != TYPE_TENSOR && field->number != TYPE_SPARSE_TENSOR) {
        reading->value.kind = REIN_ONNX_CONTAINER;
        return rein_done();
    }
    reading->value.kind = field->number == TYPE_TENSOR ? REIN_ONNX_TENSOR : REIN_ONNX_SPARSE_TENSOR;
    return rein_i_protobuf_read(reader, field->begin, field->end, &tensor_message, reading);
}

static const protobuf_message type_message = {
    .rules = {[TYPE_TENSOR] = {PROTOBUF_BYTES, true},
              [TYPE_SEQUENCE] = {PROTOBUF_BYTES, true},
              [TYPE_MAP] = {PROTOBUF_BYTES, true},
              [TYPE_OPAQUE] = {PROTOBUF_BYTES, true},
              [TYPE_SPARSE_TENSOR] = {PROTOBUF_BYTES, true},
              [TYPE_OPTIONAL] = {PROTOBUF_BYTES, true}},
    .on_field = take_type_field};

enum { VALUE_NAME = 1, VALUE_TYPE = 2 };

static rein_result_void take_value_field(void *self, byte_reader *reader,
                                         const protobuf_field *field) {
    value_reading *reading = self;
    if (field->number == VALUE_NAME) {
        reading->value.name = file_text_of(field);
        return rein_done();
    }
    return rein_i_protobuf_read(reader, field->begin, field->end, &type_message, reading);
}

static const protobuf_message value_message = {
    .rules = {[VALUE_NAME] = {PROTOBUF_BYTES, true}, [VALUE_TYPE] = {PROTOBUF_BYTES, true}},
    .on_field = take_value_field};

rein_result_void rein_i_onnx_value_read(byte_reader *reader, const protobuf_field *field,
                                        onnx_dimension_sink on_dimension, void *self,
                                        onnx_value *out_value) {
    value_reading reading = {{.kind = REIN_ONNX_UNTYPED}, on_dimension, self};
    reading.value.name.offset = field->begin;
    REIN_TRY(rein_result_void,
             rein_i_protobuf_read(reader, field->begin, field->end, &value_message, &reading));
    *out_value = reading.value;
    return rein_done();
}
