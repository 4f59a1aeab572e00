/* The bytes of a tensor: element type, layout, and kind of memory. */
#ifndef REIN_CONTRACT_DTYPE_H
#define REIN_CONTRACT_DTYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "contract/api.h"

REIN_API_BEGIN

/* Element types. Values are stable; new ones are added at the end. Zero is not an element type, so
 * that a zeroed descriptor is not valid. */
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
    REIN_DTYPE_UINT4 = 17,       /* packed in the same way */
    REIN_DTYPE_COMPLEX64 = 18,   /* two Float32 */
    REIN_DTYPE_COMPLEX128 = 19   /* two Float64 */
} rein_dtype;

/* The element type with the greatest value. */
enum { REIN_DTYPE_LAST = REIN_DTYPE_COMPLEX128 };

/* Returns whether the value is an element type. */
bool rein_dtype_is_valid(rein_dtype dtype);

/* Returns "Float32" and so on; "Unknown" for any other value. Static storage. */
const char *rein_dtype_name(rein_dtype dtype);

/* Returns the number of bits of one element; 0 for any other value. */
uint32_t rein_dtype_bits(rein_dtype dtype);

/* A set of element types: bit number d stands for the rein_dtype of value d. */
typedef struct rein_dtype_set {
    uint64_t bits; /* 0: the empty set */
} rein_dtype_set;

/* The bit of an element type in a set, for constants: {.bits = REIN_DTYPE_BIT(REIN_DTYPE_INT8)}. */
#define REIN_DTYPE_BIT(dtype) (UINT64_C(1) << (dtype))

/* Returns the set with `dtype` added; unchanged for any other value. */
rein_dtype_set rein_dtype_set_with(rein_dtype_set set, rein_dtype dtype);

/* Returns whether `dtype` is in the set; false for any other value. */
bool rein_dtype_set_has(rein_dtype_set set, rein_dtype dtype);

/* The order of the elements in memory, which has no gaps. Values are stable. */
typedef enum rein_layout {
    REIN_LAYOUT_ROW_MAJOR = 1,    /* the last dimension varies fastest */
    REIN_LAYOUT_COLUMN_MAJOR = 2, /* the first dimension varies fastest */
    REIN_LAYOUT_NCHW = 3,         /* row major, four dimensions: batch, channel, height, width */
    REIN_LAYOUT_NHWC = 4          /* shape given as NCHW, channels vary fastest in memory */
} rein_layout;

/* The layout with the greatest value. */
enum { REIN_LAYOUT_LAST = REIN_LAYOUT_NHWC };

/* Returns "RowMajor", "ColumnMajor", "NCHW", "NHWC"; "Unknown" for any other value. Static storage.
 */
const char *rein_layout_name(rein_layout layout);

/* Where the bytes of a tensor are. Values are stable. */
typedef enum rein_memory_kind {
    REIN_MEMORY_HOST = 1,   /* pageable memory of the process */
    REIN_MEMORY_PINNED = 2, /* page-locked host memory */
    REIN_MEMORY_DEVICE = 3, /* memory of one device; the host must not access it */
    REIN_MEMORY_MANAGED = 4 /* moved between host and device by the driver */
} rein_memory_kind;

/* The kind with the greatest value. */
enum { REIN_MEMORY_KIND_LAST = REIN_MEMORY_MANAGED };

/* Returns "Host", "Pinned", "Device", "Managed"; "Unknown" for any other value. Static storage. */
const char *rein_memory_kind_name(rein_memory_kind kind);

/* A set of kinds of memory: bit number k stands for the rein_memory_kind of value k. */
typedef struct rein_memory_kind_set {
    uint32_t bits; /* 0: the empty set */
} rein_memory_kind_set;

/* The bit of a kind in a set, for constants. */
#define REIN_MEMORY_KIND_BIT(kind) (UINT32_C(1) << (kind))

/* Returns the set with `kind` added; unchanged if the value is not a kind. */
rein_memory_kind_set rein_memory_kind_set_with(rein_memory_kind_set set, rein_memory_kind kind);

/* Returns whether `kind` is in the set; false if the value is not a kind. */
bool rein_memory_kind_set_has(rein_memory_kind_set set, rein_memory_kind kind);

REIN_API_END

#endif
