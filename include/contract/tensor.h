/* Tensors: shape, descriptor, spec, and the tensor itself.
 *
 * A spec describes an input or an output of a model: its dimensions are ranges. A tensor is one
 * value of a spec: its dimensions are numbers, and it refers to memory. All are plain values. */
#ifndef REIN_CONTRACT_TENSOR_H
#define REIN_CONTRACT_TENSOR_H

#include "contract/api.h"
#include "contract/dtype.h"
#include "contract/ids.h"
#include "contract/units.h"

REIN_API_BEGIN

/* The most dimensions of a shape. */
enum { REIN_SHAPE_MAX_RANK = 8 };

/* Dimensions from 0 to rank - 1, each zero or above; the unused ones are zero. Rank 0 is a scalar:
 * one element. A dimension of zero makes an empty tensor: no bytes. */
typedef struct rein_shape {
    int64_t dimensions[REIN_SHAPE_MAX_RANK]; /* in elements, outermost first in row-major order */
    int32_t rank;                            /* 0 to REIN_SHAPE_MAX_RANK */
} rein_shape;

REIN_RESULT_DEFINE(rein_result_shape, rein_shape)

/* Returns the shape of these dimensions. Errors: InvalidArgument if the rank is above
 * REIN_SHAPE_MAX_RANK or below zero, `dimensions` is NULL with a rank above zero, or a dimension is
 * negative (with its index and value). */
REIN_MUST_USE rein_result_shape rein_shape_make(const int64_t *dimensions, int32_t rank);

/* Returns whether rank and dimensions are the same; false if a pointer is NULL. */
bool rein_shape_equal(const rein_shape *left, const rein_shape *right);

/* The description of a tensor, without its bytes. */
typedef struct rein_tensor_descriptor {
    char name[REIN_NAME_MAX_BYTES + 1]; /* the rules of a model id; zero after the text */
    rein_shape shape;                   /* its dimensions, in elements */
    rein_dtype dtype;                   /* the type of every element */
} rein_tensor_descriptor;

REIN_RESULT_DEFINE(rein_result_tensor_descriptor, rein_tensor_descriptor)

/* Returns the descriptor of these parts. Errors: InvalidArgument if
 *  - the name breaks a rule (see rein_model_id_make);
 *  - a dimension is negative or an unused one is not zero;
 *  - the element type is not valid, or the size does not fit in 64 bits. */
REIN_MUST_USE rein_result_tensor_descriptor rein_tensor_descriptor_make(const char *name,
                                                                        const rein_shape *shape,
                                                                        rein_dtype dtype);

/* Returns the size of the tensor in bytes: the product of its dimensions times the element's size.
 * Elements smaller than a byte are packed; a partly used last byte counts as a whole one. Errors:
 * InvalidArgument if the descriptor is NULL, or was filled by hand and rein_tensor_descriptor_make
 * would refuse it. */
REIN_MUST_USE rein_result_bytes
rein_tensor_descriptor_size_bytes(const rein_tensor_descriptor *descriptor);

/* The `max` of a dimension without an upper limit. */
#define REIN_EXTENT_UNBOUNDED INT64_MAX

/* Capacity of a dimension's symbol, with the terminating NUL. */
enum { REIN_SYMBOL_CAPACITY = 32 };

/* The extents that one dimension may have. */
typedef struct rein_extent_range {
    int64_t min; /* 0 or above */
    int64_t max; /* `min` or above; equal if the dimension is fixed */
    /* A name such as "batch" or "height"; may be empty. In one execution, all dimensions of the
     * inputs with the same name have the same extent, and a dimension of an output with that name
     * has it, too. Zero after the text. */
    char symbol[REIN_SYMBOL_CAPACITY];
} rein_extent_range;

/* An input or an output of a model. */
typedef struct rein_tensor_spec {
    char name[REIN_NAME_MAX_BYTES + 1]; /* as a descriptor's */
    int32_t rank;                       /* 0 to REIN_SHAPE_MAX_RANK */
    rein_dtype dtype;                   /* the type of every element */
    rein_layout layout;                 /* how the elements follow each other */
    rein_memory_kind_set memory_kinds;  /* where its data may be; at least one */
    int32_t device_index; /* as a tensor's; all specs of a backend name the same one */
    rein_extent_range extents[REIN_SHAPE_MAX_RANK]; /* of each dimension; zero from `rank` on */
} rein_tensor_spec;

REIN_RESULT_DEFINE(rein_result_tensor_spec, rein_tensor_spec)

/* Returns a spec with fixed dimensions, in host memory. Errors: as rein_tensor_descriptor_make;
 * InvalidArgument if the layout is not valid, or is NCHW or NHWC and the rank is not 4. */
REIN_MUST_USE rein_result_tensor_spec rein_tensor_spec_make(const char *name,
                                                            const rein_shape *shape,
                                                            rein_dtype dtype, rein_layout layout);

/* Returns the spec with the range min to max, named `symbol`, for one dimension. NULL is the empty
 * symbol. Errors: as rein_tensor_spec_validate for the spec with and without the range.
 * InvalidArgument also if
 *  - the dimension is not below the rank;
 *  - min is negative or above max;
 *  - the symbol has more than REIN_SYMBOL_CAPACITY - 1 bytes or breaks a rule of a model id. */
REIN_MUST_USE rein_result_tensor_spec rein_tensor_spec_with_range(const rein_tensor_spec *spec,
                                                                  int32_t dimension, int64_t min,
                                                                  int64_t max, const char *symbol);

/* Checks a spec that was filled by hand. Errors: InvalidArgument if the spec is NULL or breaks a
 * rule of its members, or the size of its smallest shape does not fit in 64 bits. */
REIN_MUST_USE rein_result_void rein_tensor_spec_validate(const rein_tensor_spec *spec);

/* Returns whether all members are the same; false if a pointer is NULL. */
bool rein_tensor_spec_equal(const rein_tensor_spec *left, const rein_tensor_spec *right);

/* Returns whether every dimension has one extent; false if the spec is NULL. The spec must be
 * valid, as for the functions below. */
bool rein_tensor_spec_is_fixed(const rein_tensor_spec *spec);

/* Returns the shape in which every dimension has its smallest, or its largest extent, which may be
 * REIN_EXTENT_UNBOUNDED. A scalar if the spec is NULL. */
rein_shape rein_tensor_spec_min_shape(const rein_tensor_spec *spec);
rein_shape rein_tensor_spec_max_shape(const rein_tensor_spec *spec);

/* Returns whether the shape has the spec's rank and each extent is within its range; false if a
 * pointer is NULL. */
bool rein_tensor_spec_allows(const rein_tensor_spec *spec, const rein_shape *shape);

/* Returns the bytes of a tensor of this spec and shape. Errors: InvalidArgument if a pointer is
 * NULL, the shape is not allowed (with the dimension and its extent), or the size does not fit in
 * 64 bits. */
REIN_MUST_USE rein_result_bytes rein_tensor_spec_size_bytes(const rein_tensor_spec *spec,
                                                            const rein_shape *shape);

/* One value of a spec. `data` is borrowed: the caller keeps it alive and decides who may write. */
typedef struct rein_tensor {
    rein_tensor_descriptor descriptor; /* name, actual shape and element type */
    rein_layout layout;                /* how the elements follow each other */
    rein_memory_kind memory_kind;      /* where `data` is */
    int32_t device_index;              /* the device (a CUDA ordinal) of Device memory */
    /* Aligned for its elements; NULL only if the capacity is 0. An output must not overlap another
     * tensor. */
    void *data;
    uint64_t capacity_bytes; /* bytes at `data`; at least the size, unless an output */
} rein_tensor;

REIN_RESULT_DEFINE(rein_result_tensor, rein_tensor)

/* Returns a tensor of a spec with fixed dimensions, in host memory of its size. Errors: as
 * rein_tensor_spec_validate; InvalidArgument if a dimension is not fixed, or `data` is NULL and the
 * size is not zero. */
REIN_MUST_USE rein_result_tensor rein_tensor_make(const rein_tensor_spec *spec, void *data);

/* Returns an input: a tensor of the spec in this shape, in host memory of its size. For other
 * memory, change memory_kind and device_index. Errors: as rein_tensor_spec_size_bytes and
 * rein_tensor_make. */
REIN_MUST_USE rein_result_tensor rein_tensor_make_shaped(const rein_tensor_spec *spec,
                                                         const rein_shape *shape, void *data);

/* Returns an output: a tensor of the spec in its smallest shape, in `capacity_bytes` bytes of host
 * memory. They may be fewer than it needs (see execution.h). The execution sets its shape. Errors:
 * as rein_tensor_spec_validate; InvalidArgument if `data` is NULL and the capacity is not zero. */
REIN_MUST_USE rein_result_tensor rein_tensor_make_output(const rein_tensor_spec *spec, void *data,
                                                         uint64_t capacity_bytes);

/* Checks a tensor that was filled by hand. Errors: InvalidArgument if the tensor is NULL, a member
 * is not valid, its size does not fit in its capacity, or `data` is NULL and the capacity is not
 * zero. */
REIN_MUST_USE rein_result_void rein_tensor_validate(const rein_tensor *tensor);

/* Returns the bytes of the tensor's shape. Errors: as rein_tensor_descriptor_size_bytes;
 * InvalidArgument if the tensor is NULL. */
REIN_MUST_USE rein_result_bytes rein_tensor_size_bytes(const rein_tensor *tensor);

REIN_API_END

#endif
