/* Tensors: element type, layout, descriptor, spec, and the tensor itself. Plain values. */
#ifndef REIN_CONTRACT_TENSOR_H
#define REIN_CONTRACT_TENSOR_H

#include "contract/api.h"
#include "contract/ids.h"
#include "contract/units.h"

REIN_API_BEGIN

/* Element types. Values are stable; new ones are added at the end. Zero is none, so that a zeroed
 * descriptor is not valid. */
typedef enum rein_dtype {
    REIN_DTYPE_FLOAT32 = 1,      /* IEEE 754 binary32: 4 bytes */
    REIN_DTYPE_FLOAT16 = 2,      /* IEEE 754 binary16: 2 bytes */
    REIN_DTYPE_INT8 = 3,         /* two's complement: 1 byte */
    REIN_DTYPE_INT32 = 4,        /* two's complement: 4 bytes */
    REIN_DTYPE_BOOL = 5,         /* one byte an element */
    REIN_DTYPE_BFLOAT16 = 6,     /* the upper half of a binary32: 2 bytes */
    REIN_DTYPE_FLOAT64 = 7,      /* IEEE 754 binary64: 8 bytes */
    REIN_DTYPE_INT16 = 8,        /* two's complement: 2 bytes */
    REIN_DTYPE_INT64 = 9,        /* two's complement: 8 bytes */
    REIN_DTYPE_UINT8 = 10,       /* 1 byte */
    REIN_DTYPE_UINT16 = 11,      /* 2 bytes */
    REIN_DTYPE_UINT32 = 12,      /* 4 bytes */
    REIN_DTYPE_UINT64 = 13,      /* 8 bytes */
    REIN_DTYPE_FLOAT8_E4M3 = 14, /* OCP 8-bit floating point, 4 bits of exponent: 1 byte */
    REIN_DTYPE_FLOAT8_E5M2 = 15, /* OCP 8-bit floating point, 5 bits of exponent: 1 byte */
    REIN_DTYPE_INT4 = 16,        /* two elements a byte, packed over the whole tensor */
    REIN_DTYPE_UINT4 = 17,       /* packed alike */
    REIN_DTYPE_COMPLEX64 = 18,   /* two Float32 */
    REIN_DTYPE_COMPLEX128 = 19   /* two Float64 */
} rein_dtype;

/* The element type with the greatest value. */
enum { REIN_DTYPE_LAST = REIN_DTYPE_COMPLEX128 };

/* Whether the value is an element type. */
bool rein_dtype_is_valid(rein_dtype dtype);

/* "Float32" and so on; "Unknown" for a value that is no element type. Static storage. */
const char *rein_dtype_name(rein_dtype dtype);

/* Bits of one element; 0 for a value that is no element type. */
uint32_t rein_dtype_bits(rein_dtype dtype);

/* A set of element types: bit number d stands for the rein_dtype of value d. */
typedef struct rein_dtype_set {
    uint64_t bits; /* 0: the empty set */
} rein_dtype_set;

/* The set with `dtype` added; unchanged for a value that is no element type. */
rein_dtype_set rein_dtype_set_with(rein_dtype_set set, rein_dtype dtype);

/* Whether `dtype` is in the set; false for a value that is no element type. */
bool rein_dtype_set_has(rein_dtype_set set, rein_dtype dtype);

/* How the elements follow each other in memory, without gaps. Values are stable. */
typedef enum rein_layout {
    REIN_LAYOUT_ROW_MAJOR = 1,    /* the last dimension varies fastest */
    REIN_LAYOUT_COLUMN_MAJOR = 2, /* the first dimension varies fastest */
    REIN_LAYOUT_NCHW = 3,         /* row major, four dimensions: batch, channel, height, width */
    REIN_LAYOUT_NHWC = 4          /* shape given as NCHW, channels vary fastest in memory */
} rein_layout;

/* The layout with the greatest value. */
enum { REIN_LAYOUT_LAST = REIN_LAYOUT_NHWC };

/* "RowMajor", "ColumnMajor", "NCHW", "NHWC"; "Unknown" for a value that is none. Static storage. */
const char *rein_layout_name(rein_layout layout);

/* The most dimensions of a shape. */
enum { REIN_SHAPE_MAX_RANK = 8 };

/* Dimensions from 0 to rank - 1, each zero or above; the unused ones are zero. Rank 0 is a scalar:
 * one element. A dimension of zero is an empty tensor: no bytes. */
typedef struct rein_shape {
    int64_t dimensions[REIN_SHAPE_MAX_RANK]; /* in elements, outermost first in row-major order */
    int32_t rank;                            /* 0 to REIN_SHAPE_MAX_RANK */
} rein_shape;

REIN_RESULT_DEFINE(rein_result_shape, rein_shape)

/* A shape of these dimensions. Errors: InvalidArgument if rank is above REIN_SHAPE_MAX_RANK or
 * below zero, `dimensions` is NULL with a rank above zero, or a dimension is negative (with its
 * index and value). */
REIN_MUST_USE rein_result_shape rein_shape_make(const int64_t *dimensions, int32_t rank);

/* Whether rank and dimensions are the same; false if a pointer is NULL. */
bool rein_shape_equal(const rein_shape *left, const rein_shape *right);

/* What a tensor is, without its bytes. */
typedef struct rein_tensor_descriptor {
    char name[REIN_NAME_MAX_BYTES + 1]; /* the rules of a model id; zero behind the text */
    rein_shape shape;                   /* its dimensions, in elements */
    rein_dtype dtype;                   /* the type of every element */
} rein_tensor_descriptor;

REIN_RESULT_DEFINE(rein_result_tensor_descriptor, rein_tensor_descriptor)

/* A descriptor of these three. Errors: InvalidArgument if the name breaks a rule (see
 * rein_model_id_make), a dimension is negative or an unused one is not zero, the element type is
 * none, or the size does not fit in 64 bits. */
REIN_MUST_USE rein_result_tensor_descriptor rein_tensor_descriptor_make(const char *name,
                                                                        const rein_shape *shape,
                                                                        rein_dtype dtype);

/* The product of the shape times the element's size; elements of less than a byte are packed and
 * the last byte counts whole. Errors: InvalidArgument if the descriptor is NULL, or was filled by
 * hand and rein_tensor_descriptor_make would refuse it. */
REIN_MUST_USE rein_result_bytes
rein_tensor_descriptor_size_bytes(const rein_tensor_descriptor *descriptor);

/* What a model takes or gives: a descriptor and the layout of its bytes. */
typedef struct rein_tensor_spec {
    rein_tensor_descriptor descriptor; /* name, shape and element type */
    rein_layout layout;                /* how the elements follow each other */
} rein_tensor_spec;

REIN_RESULT_DEFINE(rein_result_tensor_spec, rein_tensor_spec)

/* A spec of these four. Errors: as rein_tensor_descriptor_make; InvalidArgument if the layout is
 * none, or is NCHW or NHWC and the rank is not 4. */
REIN_MUST_USE rein_result_tensor_spec rein_tensor_spec_make(const char *name,
                                                            const rein_shape *shape,
                                                            rein_dtype dtype, rein_layout layout);

/* Whether a spec that was filled by hand is one that rein_tensor_spec_make makes. Errors: as there;
 * InvalidArgument if the spec is NULL. */
REIN_MUST_USE rein_result_void rein_tensor_spec_validate(const rein_tensor_spec *spec);

/* Whether descriptor and layout are the same; false if a pointer is NULL. */
bool rein_tensor_spec_equal(const rein_tensor_spec *left, const rein_tensor_spec *right);

/* A spec and the bytes. `data` is borrowed: the caller keeps it alive and says who may write. It is
 * host memory unless the backend's documentation asks for device memory. */
typedef struct rein_tensor {
    rein_tensor_spec spec; /* says how many bytes there are: rein_tensor_size_bytes */
    void *data;            /* NULL only where that is 0 */
} rein_tensor;

REIN_RESULT_DEFINE(rein_result_tensor, rein_tensor)

/* A tensor of the caller's bytes. Errors: as rein_tensor_spec_validate; InvalidArgument if
 * `data` is NULL and the size is not zero. */
REIN_MUST_USE rein_result_tensor rein_tensor_make(const rein_tensor_spec *spec, void *data);

/* Whether a tensor that was filled by hand is one that rein_tensor_make makes. Errors: as there;
 * InvalidArgument if the tensor is NULL. */
REIN_MUST_USE rein_result_void rein_tensor_validate(const rein_tensor *tensor);

/* The bytes that `data` has to have. Errors: as rein_tensor_descriptor_size_bytes; InvalidArgument
 * if the tensor is NULL. */
REIN_MUST_USE rein_result_bytes rein_tensor_size_bytes(const rein_tensor *tensor);

REIN_API_END

#endif
