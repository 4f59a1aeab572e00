/* Checks that the tensors of an execution, or the shapes of an analysis, fit a model's specs. */
#include <string.h>

#include "contract/backend.h"
#include "host/contract/execution.h"
#include "host/contract/invalid.h"
#include "host/contract/shape.h"

/* The first rule that a tensor breaks. */
typedef enum misfit {
    MISFIT_NONE,
    MISFIT_NAME,
    MISFIT_DTYPE,
    MISFIT_LAYOUT,
    MISFIT_MEMORY_KIND,
    MISFIT_DEVICE,
    MISFIT_SHAPE,
    MISFIT_SIZE,
    MISFIT_DATA,
    MISFIT_SYMBOL
} misfit;

/* The messages about one side of an execution. */
typedef struct side_text {
    const char *count_differs;
    const char *array_is_null;
    const char *misfits[MISFIT_SYMBOL + 1];
} side_text;

#define SIDE_TEXT(side, verb)                                                                      \
    {                                                                                              \
        .count_differs = "{u} " side " tensors were given; the model " verb " {u}",                \
        .array_is_null = "the " side " tensors and their specs" MUST_HOLD_ELEMENTS,                \
        .misfits = {                                                                               \
            [MISFIT_NAME] = side " tensor {u} is not named '{text}'",                              \
            [MISFIT_DTYPE] = side " tensor {u}: its element type is not that of '{text}'",         \
            [MISFIT_LAYOUT] = side " tensor {u}: its layout is not that of '{text}'",              \
            [MISFIT_MEMORY_KIND] = side " tensor {u}: '{text}' does not allow its kind of memory", \
            [MISFIT_DEVICE] = side " tensor {u} is on another device than '{text}'",               \
            [MISFIT_SHAPE] = side " tensor {u}: its shape is outside the ranges of '{text}'",      \
            [MISFIT_SIZE] = side " tensor {u}: the size of '{text}'" MUST_FIT_64_BITS,             \
            [MISFIT_DATA] = side " tensor {u}: its data is NULL or smaller than '{text}' needs",   \
            [MISFIT_SYMBOL] = side " tensor {u}: '{text}' differs from an input of its symbol"},   \
    }

/* The macro joins the side and each text on purpose.
 * NOLINTBEGIN(bugprone-suspicious-missing-comma) */
static const side_text input_text = SIDE_TEXT("input", "takes");
static const side_text output_text = SIDE_TEXT("output", "gives");
/* NOLINTEND(bugprone-suspicious-missing-comma) */

static rein_result_void refuse(misfit found, size_t index, const rein_tensor_spec *spec,
                               const side_text *text) {
    rein_error error = rein_i_invalid_error(REIN_HERE, text->misfits[found], index, 0, 0);
    return rein_result_void_fail(rein_error_with_text(error, spec->name));
}

/* Compares short names, the common case, without a call: bytes after a text are usually zero. */
static bool names_equal(const char *left, const char *right) {
    enum { SHORT_BYTES = 16 };
    /* Names are arrays of tensors and specs, whose arrays check_counts has checked for NULL.
     * NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
    bool is_short = memcmp(left, right, SHORT_BYTES) == 0 && left[SHORT_BYTES - 1] == '\0';
    return is_short || strcmp(left, right) == 0;
}

/* Returns the rule that a shape breaks. If it breaks none, writes the bytes of its tensor. */
static misfit find_shape_misfit(const rein_shape *shape, const rein_tensor_spec *spec,
                                uint64_t *out_bytes) {
    if (!rein_tensor_spec_allows(spec, shape)) {
        return MISFIT_SHAPE;
    }
    return rein_i_shape_bytes(shape, spec->dtype, out_bytes) ? MISFIT_NONE : MISFIT_SIZE;
}

/* Returns the first rule, of those that inputs and outputs share, that a tensor breaks. Writes the
 * bytes of a shape that is allowed. */
static misfit find_misfit(const rein_tensor *tensor, const rein_tensor_spec *spec,
                          uint64_t *out_bytes) {
    if (!names_equal(tensor->descriptor.name, spec->name)) {
        return MISFIT_NAME;
    }
    if (tensor->descriptor.dtype != spec->dtype) {
        return MISFIT_DTYPE;
    }
    if (tensor->layout != spec->layout) {
        return MISFIT_LAYOUT;
    }
    /* A valid set has bits of kinds only. */
    unsigned kind = (unsigned)tensor->memory_kind;
    if (kind > REIN_MEMORY_KIND_LAST || (spec->memory_kinds.bits >> kind & 1) == 0) {
        return MISFIT_MEMORY_KIND;
    }
    bool is_elsewhere = tensor->device_index != spec->device_index;
    if (tensor->memory_kind == REIN_MEMORY_DEVICE && is_elsewhere) {
        return MISFIT_DEVICE;
    }
    if (tensor->data == NULL && tensor->capacity_bytes > 0) {
        return MISFIT_DATA;
    }
    return find_shape_misfit(&tensor->descriptor.shape, spec, out_bytes);
}

/* The shapes of the inputs, within tensors or by themselves. */
typedef struct shape_row {
    const void *first;
    size_t stride_bytes;
} shape_row;

static const rein_shape *shape_at(shape_row shapes, size_t index) {
    return (const rein_shape *)(const void *)((const char *)shapes.first +
                                              index * shapes.stride_bytes);
}

/* The place of a dimension among specs. */
typedef struct dimension_place {
    size_t spec;
    int32_t dimension;
} dimension_place;

/* Writes the place of the first dimension with this symbol, which has zeros after its text; returns
 * false if there is none. */
static bool find_symbol(rein_tensor_spec_view specs, const char symbol[REIN_SYMBOL_CAPACITY],
                        dimension_place *out_place) {
    for (size_t index = 0; index < specs.count; index++) {
        const rein_tensor_spec *spec = &specs.specs[index];
        for (int32_t dimension = 0; dimension < spec->rank; dimension++) {
            if (memcmp(spec->extents[dimension].symbol, symbol, REIN_SYMBOL_CAPACITY) == 0) {
                *out_place = (dimension_place){.spec = index, .dimension = dimension};
                return true;
            }
        }
    }
    return false;
}

bool rein_tensor_spec_view_find(rein_tensor_spec_view specs, const char *symbol, size_t *out_index,
                                int32_t *out_dimension) {
    char padded[REIN_SYMBOL_CAPACITY] = {0};
    dimension_place place;
    size_t length = symbol == NULL ? 0 : strnlen(symbol, sizeof padded);
    if (length == 0 || length == sizeof padded || specs.specs == NULL || out_index == NULL ||
        out_dimension == NULL) {
        return false;
    }
    memcpy(padded, symbol, length);
    if (!find_symbol(specs, padded, &place)) {
        return false;
    }
    *out_index = place.spec;
    *out_dimension = place.dimension;
    return true;
}

/* Returns whether every dimension of an input with a symbol has the extent of the first such
 * dimension. Quadratic in the number of different symbols, which is small. */
static bool symbols_agree(size_t input, rein_tensor_spec_view specs, shape_row shapes) {
    const rein_tensor_spec *spec = &specs.specs[input];
    const rein_shape *shape = shape_at(shapes, input);
    for (int32_t dimension = 0; dimension < spec->rank; dimension++) {
        const char *symbol = spec->extents[dimension].symbol;
        dimension_place first = {.spec = input, .dimension = dimension};
        if (symbol[0] != '\0') {
            (void)find_symbol(specs, symbol, &first); /* finds this dimension or an earlier one */
        }
        if (shape_at(shapes, first.spec)->dimensions[first.dimension] !=
            shape->dimensions[dimension]) {
            return false;
        }
    }
    return true;
}

static rein_result_void check_counts(size_t count, const void *array, rein_tensor_spec_view specs,
                                     const side_text *text) {
    if (count != specs.count) {
        return rein_i_invalid(REIN_HERE, text->count_differs, count, specs.count, 0);
    }
    if (count > 0 && (array == NULL || specs.specs == NULL)) {
        return rein_i_invalid(REIN_HERE, text->array_is_null, count, 0, 0);
    }
    return rein_done();
}

static misfit find_input_misfit(const rein_tensor *inputs, size_t index,
                                rein_tensor_spec_view specs) {
    uint64_t bytes = 0;
    misfit found = find_misfit(&inputs[index], &specs.specs[index], &bytes);
    if (found != MISFIT_NONE) {
        return found;
    }
    if (bytes > inputs[index].capacity_bytes) {
        return MISFIT_DATA;
    }
    shape_row shapes = {.first = &inputs[0].descriptor.shape, .stride_bytes = sizeof inputs[0]};
    return symbols_agree(index, specs, shapes) ? MISFIT_NONE : MISFIT_SYMBOL;
}

static rein_result_void check_inputs(const rein_execution_request *request,
                                     rein_tensor_spec_view specs) {
    REIN_TRY(rein_result_void,
             check_counts(request->input_tensor_count, request->input_tensors, specs, &input_text));
    for (size_t index = 0; index < specs.count; index++) {
        misfit found = find_input_misfit(request->input_tensors, index, specs);
        if (found != MISFIT_NONE) {
            return refuse(found, index, &specs.specs[index], &input_text);
        }
    }
    return rein_done();
}

/* Checks that the smallest shape of an output fits in its capacity. Its current shape, of `bytes`,
 * is at least as large: if that fits, the smallest does too. */
static rein_result_void check_capacity(const rein_tensor *output, uint64_t bytes,
                                       const rein_tensor_spec *spec, size_t index) {
    if (bytes <= output->capacity_bytes) {
        return rein_done();
    }
    rein_shape smallest = rein_tensor_spec_min_shape(spec);
    uint64_t fewest_bytes = 0;
    (void)rein_i_shape_bytes(&smallest, spec->dtype, &fewest_bytes); /* fits, as `bytes` do */
    if (fewest_bytes > output->capacity_bytes) {
        return rein_result_void_fail(
            rein_i_buffer_too_small(REIN_HERE, fewest_bytes, output->capacity_bytes, index));
    }
    return rein_done();
}

static rein_result_void check_outputs(const rein_execution_result *result,
                                      rein_tensor_spec_view specs) {
    REIN_TRY(rein_result_void, check_counts(result->output_tensor_count, result->output_tensors,
                                            specs, &output_text));
    for (size_t index = 0; index < specs.count; index++) {
        const rein_tensor *output = &result->output_tensors[index];
        uint64_t bytes = 0;
        misfit found = find_misfit(output, &specs.specs[index], &bytes);
        if (found != MISFIT_NONE) {
            return refuse(found, index, &specs.specs[index], &output_text);
        }
        REIN_TRY(rein_result_void, check_capacity(output, bytes, &specs.specs[index], index));
    }
    return rein_done();
}

static rein_result_void check_model(const rein_execution_request *request,
                                    const rein_model_id *loaded_model) {
    if (loaded_model == NULL) {
        return rein_i_invalid(REIN_HERE, "the loaded model's id" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    if (!rein_model_id_equal(&request->model_id, loaded_model)) {
        return rein_result_void_fail(rein_i_error_about(
            REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
            "the request is for another model than the loaded one, '{text}'", loaded_model->text));
    }
    return rein_done();
}

rein_result_void rein_backend_check_execution(const rein_execution_request *request,
                                              const rein_execution_result *result,
                                              const rein_model_id *loaded_model,
                                              rein_tensor_spec_view input_specs,
                                              rein_tensor_spec_view output_specs) {
    REIN_TRY(rein_result_void, rein_i_request_check(request));
    REIN_TRY(rein_result_void, rein_i_result_check(result));
    REIN_TRY(rein_result_void, check_model(request, loaded_model));
    REIN_TRY(rein_result_void, check_inputs(request, input_specs));
    REIN_TRY(rein_result_void, check_outputs(result, output_specs));
    if (rein_execution_request_is_cancelled(request)) {
        return rein_result_void_fail(rein_error_make(REIN_ERROR_CANCELLED, REIN_HERE,
                                                     "the request was cancelled before it began"));
    }
    return rein_done();
}

rein_result_void rein_backend_check_shapes(const rein_input_shapes *shapes,
                                           rein_tensor_spec_view input_specs) {
    if (shapes == NULL) {
        return rein_done();
    }
    REIN_TRY(rein_result_void,
             check_counts(shapes->count, shapes->shapes, input_specs, &input_text));
    for (size_t index = 0; index < shapes->count; index++) {
        const rein_tensor_spec *spec = &input_specs.specs[index];
        uint64_t bytes = 0;
        misfit found = find_shape_misfit(&shapes->shapes[index], spec, &bytes);
        if (found != MISFIT_NONE) {
            return refuse(found, index, spec, &input_text);
        }
        if (!symbols_agree(index, input_specs, (shape_row){shapes->shapes, sizeof(rein_shape)})) {
            return refuse(MISFIT_SYMBOL, index, spec, &input_text);
        }
    }
    return rein_done();
}
