#include "host/models/onnx_weights.h"

#include "host/contract/invalid.h"
#include "host/models/onnx_operator.h"
#include "host/models/onnx_type.h"

static rein_result_void refuse_sum(uint64_t offset) {
    return rein_i_invalid(REIN_HERE,
                          "at byte {u}: with this tensor, the sum of the sizes does not fit in 64 "
                          "bits",
                          offset, 0, 0);
}

rein_result_void rein_i_onnx_weights_add(onnx_reading *reading, onnx_use use, uint32_t element_type,
                                         uint64_t element_count, uint64_t size_bytes,
                                         uint64_t offset) {
    rein_onnx *onnx = &reading->onnx;
    if (use == ONNX_USE_ATTRIBUTE) {
        return checked_add(onnx->attribute_bytes, size_bytes, &onnx->attribute_bytes)
                   ? rein_done()
                   : refuse_sum(offset);
    }
    rein_onnx_sum *sum = &onnx->weights[element_type];
    if (!checked_add(reading->weight_bytes, size_bytes, &reading->weight_bytes) ||
        !checked_add(onnx->parameter_count, element_count, &onnx->parameter_count)) {
        return refuse_sum(offset);
    }
    sum->element_count += element_count;
    sum->size_bytes += size_bytes;
    return rein_done();
}

static rein_result_void add_external(onnx_reading *reading, const onnx_tensor *tensor) {
    rein_onnx_external_file external = {.size_bytes = tensor->external_end, .tensor_count = 1};
    REIN_TRY(rein_result_void, rein_i_onnx_store_add_text(&reading->store, &reading->reader,
                                                          tensor->location, &external.location));
    return rein_i_onnx_store_add(&reading->store, ONNX_LIST_EXTERNAL_TENSORS, &external);
}

rein_result_void rein_i_onnx_weights_add_tensor(onnx_reading *reading, onnx_use use,
                                                const protobuf_field *field,
                                                onnx_tensor *out_tensor) {
    REIN_TRY(rein_result_void, rein_i_onnx_tensor_read(&reading->reader, field, out_tensor));
    if (out_tensor->is_external) {
        REIN_TRY(rein_result_void, add_external(reading, out_tensor));
    }
    return rein_i_onnx_weights_add(reading, use, out_tensor->element_type,
                                   out_tensor->element_count, out_tensor->size_bytes,
                                   field->offset);
}

/* A sparse tensor while its fields are read. */
typedef struct sparse_reading {
    onnx_reading *reading;
    onnx_use use;
    bool has_values;
    onnx_tensor values;
    onnx_tensor indices;
    extent_product extents;
} sparse_reading;

enum { SPARSE_INDICES = 2, SPARSE_DIMS = 3 };

static void take_extent(void *self, uint64_t extent) {
    sparse_reading *sparse = self;
    extent_product_take(&sparse->extents, extent);
}

static rein_result_void take_sparse_field(void *self, byte_reader *reader,
                                          const protobuf_field *field) {
    sparse_reading *sparse = self;
    if (field->number == SPARSE_DIMS) {
        return rein_i_protobuf_integers(reader, field, take_extent, sparse);
    }
    bool is_values = field->number == SPARSE_VALUES;
    sparse->has_values = sparse->has_values || is_values;
    return rein_i_onnx_weights_add_tensor(sparse->reading, sparse->use, field,
                                          is_values ? &sparse->values : &sparse->indices);
}

static const protobuf_message sparse_message = {
    .rules = {[SPARSE_VALUES] = {PROTOBUF_BYTES, true},
              [SPARSE_INDICES] = {PROTOBUF_BYTES, true},
              [SPARSE_DIMS] = {PROTOBUF_INTEGERS, false}},
    .on_field = take_sparse_field};

/* Adds what a sparse weight takes as it is, and what it would take if it were dense. */
static rein_result_void add_dense(onnx_reading *reading, const sparse_reading *sparse,
                                  uint64_t offset) {
    uint64_t element_count = 0;
    uint64_t dense_bytes = 0;
    if (!extent_product_end(&sparse->extents, &element_count) ||
        !rein_i_onnx_size_bytes(sparse->values.element_type, element_count, &dense_bytes) ||
        !checked_add(reading->sparse_dense_bytes, dense_bytes, &reading->sparse_dense_bytes)) {
        return refuse_sum(offset);
    }
    reading->sparse_bytes += sparse->values.size_bytes + sparse->indices.size_bytes;
    return rein_done();
}

rein_result_void rein_i_onnx_weights_add_sparse(onnx_reading *reading, onnx_use use,
                                                const protobuf_field *field,
                                                onnx_tensor *out_values) {
    sparse_reading sparse = {.reading = reading, .use = use, .extents = extent_product_begin()};
    REIN_TRY(rein_result_void, rein_i_protobuf_read(&reading->reader, field->begin, field->end,
                                                    &sparse_message, &sparse));
    if (!sparse.has_values) {
        return rein_i_invalid(REIN_HERE, "at byte {u}: a sparse tensor has no values",
                              field->offset, 0, 0);
    }
    *out_values = sparse.values;
    return use == ONNX_USE_WEIGHT ? add_dense(reading, &sparse, field->offset) : rein_done();
}
