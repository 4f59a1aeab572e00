/* Simple values for several test files. No Criterion here: stress programs use it too. */
#ifndef REIN_TESTS_SAMPLES_H
#define REIN_TESTS_SAMPLES_H

#include "contract/execution.h"

static inline rein_shape sample_shape(const int64_t *dimensions, int32_t rank) {
    return REIN_UNWRAP(rein_shape_make(dimensions, rank));
}

/* Returns the spec of a row of `count` elements. */
static inline rein_tensor_spec sample_spec(const char *name, rein_dtype dtype, int64_t count) {
    rein_shape shape = sample_shape(&count, 1);
    return REIN_UNWRAP(rein_tensor_spec_make(name, &shape, dtype, REIN_LAYOUT_ROW_MAJOR));
}

static inline rein_tensor sample_tensor(const char *name, float *data, int64_t count) {
    rein_tensor_spec spec = sample_spec(name, REIN_DTYPE_FLOAT32, count);
    return REIN_UNWRAP(rein_tensor_make(&spec, data));
}

/* Returns the model of the sample requests. */
static inline rein_model_id sample_model_id(void) {
    return REIN_UNWRAP(rein_model_id_make("sample"));
}

/* Returns a request without tensors or deadline, submitted at 0. All bytes of its UUID are
 * `number`. */
static inline rein_execution_request sample_request(uint8_t number) {
    rein_request_id id;
    memset(id.bytes, number, sizeof id.bytes);
    return rein_execution_request_make(sample_model_id(), id, NULL, 0, rein_timestamp_from_ns(0));
}

#endif
