#include "host/models/onnx_model.h"

#include <string.h>

#include "host/contract/invalid.h"
#include "host/models/malformed.h"
#include "host/models/onnx_graph.h"

enum {
    MODEL_IR_VERSION = 1,
    MODEL_GRAPH = 7,
    MODEL_OPSET = 8,
    MODEL_TRAINING_INFO = 20,
    MODEL_FUNCTION = 25
};

enum { OPSET_DOMAIN = 1, OPSET_VERSION = 2 };

typedef struct opset_reading {
    file_text domain;
    uint64_t version;
} opset_reading;

static rein_result_void take_opset_field(void *self, byte_reader *reader,
                                         const protobuf_field *field) {
    opset_reading *opset = self;
    (void)reader;
    if (field->number == OPSET_DOMAIN) {
        opset->domain = file_text_of(field);
    } else {
        opset->version = field->integer;
    }
    return rein_done();
}

static const protobuf_message opset_message = {
    .rules = {[OPSET_DOMAIN] = {PROTOBUF_BYTES, true}, [OPSET_VERSION] = {PROTOBUF_INTEGER, true}},
    .on_field = take_opset_field};

static rein_result_void read_opset(onnx_reading *reading, const protobuf_field *field) {
    opset_reading opset = {{field->begin, 0}, 0};
    rein_onnx_opset stored;
    REIN_TRY(rein_result_void, rein_i_protobuf_read(&reading->reader, field->begin, field->end,
                                                    &opset_message, &opset));
    stored.version = opset.version;
    REIN_TRY(rein_result_void, rein_i_onnx_store_add_text(&reading->store, &reading->reader,
                                                          opset.domain, &stored.domain));
    return rein_i_onnx_store_add(&reading->store, ONNX_LIST_OPSETS, &stored);
}

static rein_result_void read_ir_version(onnx_reading *reading, const protobuf_field *field) {
    reading->onnx.ir_version = field->integer;
    if (field->integer < REIN_ONNX_IR_VERSION_MIN || field->integer > REIN_ONNX_IR_VERSION_MAX) {
        return rein_i_file_error(REIN_ERROR_UNSUPPORTED, REIN_HERE,
                                 "at byte {u}: ir_version is {u}; versions 3 to {u} are supported",
                                 field->offset, field->integer, REIN_ONNX_IR_VERSION_MAX, NULL);
    }
    return rein_done();
}

static rein_result_void take_model_field(void *self, byte_reader *reader,
                                         const protobuf_field *field) {
    onnx_reading *reading = self;
    (void)reader;
    switch (field->number) {
    case MODEL_IR_VERSION:
        return read_ir_version(reading, field);
    case MODEL_GRAPH:
        reading->has_graph = true;
        return rein_i_onnx_graph_read(reading, field);
    case MODEL_OPSET:
        return read_opset(reading, field);
    case MODEL_TRAINING_INFO:
        reading->onnx.has_training_info = true;
        return rein_done();
    default:
        return rein_i_onnx_function_read(reading, field);
    }
}

static const protobuf_message model_message = {
    .rules = {[MODEL_IR_VERSION] = {PROTOBUF_INTEGER, true},
              [MODEL_GRAPH] = {PROTOBUF_BYTES, true},
              [MODEL_OPSET] = {PROTOBUF_BYTES, false},
              [MODEL_TRAINING_INFO] = {PROTOBUF_BYTES, false},
              [MODEL_FUNCTION] = {PROTOBUF_BYTES, false}},
    .on_field = take_model_field};

rein_result_void rein_i_onnx_model_read(const rein_model_file *file, onnx_reading *reading) {
    rein_i_byte_reader_init(&reading->reader, file, 0, file->size_bytes);
    REIN_TRY(rein_result_void,
             rein_i_protobuf_read(&reading->reader, 0, file->size_bytes, &model_message, reading));
    bool has_opset = reading->store.lists[ONNX_LIST_OPSETS].count > 0;
    if (reading->onnx.ir_version == 0 || !reading->has_graph || !has_opset) {
        return rein_i_invalid(REIN_HERE,
                              "at byte {u}: the model ends without an ir_version, an opset_import "
                              "or a graph",
                              file->size_bytes, 0, 0);
    }
    return rein_done();
}
