#include "ort_element_type.h"

#include "ort_api.h"

typedef struct type_pair {
    int element_type;
    rein_dtype dtype;
} type_pair;

static const type_pair pairs[] = {
    {ORT_FLOAT, REIN_DTYPE_FLOAT32},     {ORT_UINT8, REIN_DTYPE_UINT8},
    {ORT_INT8, REIN_DTYPE_INT8},         {ORT_UINT16, REIN_DTYPE_UINT16},
    {ORT_INT16, REIN_DTYPE_INT16},       {ORT_INT32, REIN_DTYPE_INT32},
    {ORT_INT64, REIN_DTYPE_INT64},       {ORT_BOOL, REIN_DTYPE_BOOL},
    {ORT_FLOAT16, REIN_DTYPE_FLOAT16},   {ORT_DOUBLE, REIN_DTYPE_FLOAT64},
    {ORT_UINT32, REIN_DTYPE_UINT32},     {ORT_UINT64, REIN_DTYPE_UINT64},
    {ORT_BFLOAT16, REIN_DTYPE_BFLOAT16},
};

enum { PAIR_COUNT = sizeof pairs / sizeof pairs[0] };

rein_dtype ort_dtype_of(int element_type) {
    for (size_t index = 0; index < PAIR_COUNT; index++) {
        if (pairs[index].element_type == element_type) {
            return pairs[index].dtype;
        }
    }
    return (rein_dtype)0;
}

int ort_element_type_of(rein_dtype dtype) {
    for (size_t index = 0; index < PAIR_COUNT; index++) {
        if (pairs[index].dtype == dtype) {
            return pairs[index].element_type;
        }
    }
    return 0;
}

rein_dtype_set ort_dtypes(void) {
    rein_dtype_set set = {0};
    for (size_t index = 0; index < PAIR_COUNT; index++) {
        set = rein_dtype_set_with(set, pairs[index].dtype);
    }
    return set;
}
