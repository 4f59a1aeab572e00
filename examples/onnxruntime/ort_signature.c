#include "ort_signature.h"

#include <stdlib.h>
#include <string.h>

#include "ort_description.h"
#include "ort_output_rule.h"

rein_tensor_spec_view ort_signature_inputs(const ort_signature *signature) {
    return (rein_tensor_spec_view){.specs = signature->specs, .count = signature->input_count};
}

rein_tensor_spec_view ort_signature_outputs(const ort_signature *signature) {
    return (rein_tensor_spec_view){.specs = signature->specs + signature->input_count,
                                   .count = signature->output_count};
}

/* Returns the range of an input's dynamic dimension. A file does not say whether a model takes
 * empty tensors: 1 is the smallest extent. */
static rein_extent_range range_of_input(int32_t dimension, const char *symbol,
                                        uint32_t max_batch_size) {
    bool is_batch = dimension == 0 || strcmp(symbol, "batch") == 0;
    return (rein_extent_range){.min = 1,
                               .max = is_batch ? (int64_t)max_batch_size : REIN_EXTENT_UNBOUNDED};
}

/* Returns the range of an output's dynamic dimension. */
static rein_extent_range range_of_output(rein_tensor_spec_view inputs, const char *symbol) {
    size_t input = 0;
    int32_t source = 0;
    if (rein_tensor_spec_view_find(inputs, symbol, &input, &source)) {
        return inputs.specs[input].extents[source];
    }
    return (rein_extent_range){.min = 0, .max = REIN_EXTENT_UNBOUNDED};
}

/* A spec whose dynamic dimensions have the extent 0. */
static rein_result_tensor_spec fixed_spec(const ort_description *description) {
    rein_shape shape = {.rank = description->rank};
    for (int32_t dimension = 0; dimension < description->rank; dimension++) {
        int64_t extent = description->dimensions[dimension];
        shape.dimensions[dimension] = extent < 0 ? 0 : extent;
    }
    rein_result_tensor_spec spec =
        rein_tensor_spec_make(description->name, &shape, description->dtype, REIN_LAYOUT_ROW_MAJOR);
    if (!spec.is_ok) {
        REIN_ERROR(spec).code = REIN_ERROR_BACKEND_ERROR; /* a name that the contract refuses */
    }
    return spec;
}

/* A symbol that the contract does not accept is left out. */
static rein_result_tensor_spec with_range(const rein_tensor_spec *spec, int32_t dimension,
                                          rein_extent_range range, const char *symbol) {
    rein_result_tensor_spec named =
        rein_tensor_spec_with_range(spec, dimension, range.min, range.max, symbol);
    return named.is_ok ? named
                       : rein_tensor_spec_with_range(spec, dimension, range.min, range.max, NULL);
}

static rein_result_tensor_spec spec_of(const ort_description *description, ort_side side,
                                       uint32_t max_batch_size, rein_tensor_spec_view inputs) {
    rein_tensor_spec spec = REIN_TRY(rein_result_tensor_spec, fixed_spec(description));
    for (int32_t dimension = 0; dimension < description->rank; dimension++) {
        if (description->dimensions[dimension] >= 0) {
            continue;
        }
        const char *symbol = description->symbols[dimension];
        rein_extent_range range = side == ORT_INPUT
                                      ? range_of_input(dimension, symbol, max_batch_size)
                                      : range_of_output(inputs, symbol);
        spec = REIN_TRY(rein_result_tensor_spec, with_range(&spec, dimension, range, symbol));
    }
    return rein_result_tensor_spec_ok(spec);
}

/* Appends a spec to the inputs or outputs that were read before. */
static rein_result_void read_tensor(const ort_engine *engine, const ort_session *session,
                                    const char *path, ort_side side, uint32_t max_batch_size,
                                    ort_signature *signature) {
    size_t *count = side == ORT_INPUT ? &signature->input_count : &signature->output_count;
    ort_description description =
        REIN_TRY(rein_result_void, ort_describe(engine, session, path, side, *count));
    signature->specs[signature->input_count + signature->output_count] =
        REIN_TRY(rein_result_void,
                 spec_of(&description, side, max_batch_size, ort_signature_inputs(signature)));
    (*count)++;
    return rein_done();
}

static rein_result_void read_all(const ort_engine *engine, const ort_session *session,
                                 const char *path, uint32_t max_batch_size,
                                 ort_signature *signature) {
    size_t inputs = REIN_TRY(rein_result_void, ort_count(engine, session, ORT_INPUT));
    size_t outputs = REIN_TRY(rein_result_void, ort_count(engine, session, ORT_OUTPUT));
    signature->specs = calloc(inputs + outputs + 1, sizeof *signature->specs);
    if (signature->specs == NULL) {
        return rein_result_void_fail(ort_out_of_memory(REIN_HERE));
    }
    while (signature->input_count < inputs) {
        REIN_TRY(rein_result_void,
                 read_tensor(engine, session, path, ORT_INPUT, max_batch_size, signature));
    }
    while (signature->output_count < outputs) {
        REIN_TRY(rein_result_void,
                 read_tensor(engine, session, path, ORT_OUTPUT, max_batch_size, signature));
    }
    return rein_done();
}

ort_result_signature ort_signature_read(const ort_engine *engine, const ort_session *session,
                                        const char *path, uint32_t max_batch_size) {
    ort_signature signature = {.specs = NULL};
    rein_result_void done = read_all(engine, session, path, max_batch_size, &signature);
    if (!done.is_ok) {
        ort_signature_deinit(&signature);
        return ort_result_signature_fail(REIN_ERROR(done));
    }
    return ort_result_signature_ok(signature);
}

void ort_signature_deinit(ort_signature *signature) {
    free(signature->specs);
    *signature = (ort_signature){.specs = NULL};
}
