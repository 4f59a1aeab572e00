#include "host/models/onnx_attribute.h"

#include "host/models/onnx_type.h"

/* Adds numbers that may be packed. */
static rein_result_void add_numbers(onnx_reading *reading, onnx_use use,
                                    const protobuf_field *field, protobuf_type type,
                                    uint32_t element_type) {
    uint64_t count = 0;
    uint64_t bytes = 0;
    REIN_TRY(rein_result_void, rein_i_protobuf_count(&reading->reader, field, type, &count));
    /* Fits, because each number takes at least a byte of the file. */
    (void)rein_i_onnx_size_bytes(element_type, count, &bytes);
    return rein_i_onnx_weights_add(reading, use, element_type, count, bytes, field->offset);
}

/* Adds a number that is alone. In attributes of other nodes than Constant it is a parameter of the
 * operator, and does not count. */
static rein_result_void add_number(onnx_reading *reading, onnx_use use, const protobuf_field *field,
                                   uint32_t element_type, uint64_t size_bytes) {
    return use == ONNX_USE_WEIGHT
               ? rein_i_onnx_weights_add(reading, use, element_type, 1, size_bytes, field->offset)
               : rein_done();
}

rein_result_void rein_i_onnx_attribute_add(onnx_reading *reading, onnx_use use,
                                           const protobuf_field *field) {
    onnx_tensor tensor;
    switch (field->number) {
    case ATTRIBUTE_FLOAT:
        return add_number(reading, use, field, ONNX_FLOAT, sizeof(float));
    case ATTRIBUTE_INT:
        return add_number(reading, use, field, ONNX_INT64, sizeof(int64_t));
    case ATTRIBUTE_FLOATS:
        return add_numbers(reading, use, field, PROTOBUF_FLOATS, ONNX_FLOAT);
    case ATTRIBUTE_INTS:
        return add_numbers(reading, use, field, PROTOBUF_INTEGERS, ONNX_INT64);
    case ATTRIBUTE_STRING:
    case ATTRIBUTE_STRINGS:
        return rein_i_onnx_weights_add(reading, use, ONNX_STRING, 1, field->end - field->begin,
                                       field->offset);
    case ATTRIBUTE_TENSOR:
    case ATTRIBUTE_TENSORS:
        return rein_i_onnx_weights_add_tensor(reading, use, field, &tensor);
    case ATTRIBUTE_SPARSE_TENSOR:
    case ATTRIBUTE_SPARSE_TENSORS:
        return rein_i_onnx_weights_add_sparse(reading, use, field, &tensor);
    default: /* a reference to an attribute of the call */
        if (use == ONNX_USE_WEIGHT && field->end > field->begin) {
            reading->has_referenced_constant = true;
        }
        return rein_done();
    }
}
