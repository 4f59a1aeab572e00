/* Checks that specs and tensors share. */
#ifndef REIN_HOST_CONTRACT_TENSOR_SPEC_H
#define REIN_HOST_CONTRACT_TENSOR_SPEC_H

#include "contract/tensor.h"

/* Errors: InvalidArgument if the layout is not valid, or needs another rank. */
rein_result_void rein_i_layout_check(rein_layout layout, int32_t rank);

/* Errors: InvalidArgument if the kind is not valid. */
rein_result_void rein_i_memory_kind_check(rein_memory_kind kind);

/* Errors: InvalidArgument if the index of a device is negative. */
rein_result_void rein_i_device_check(int32_t device_index);

/* As rein_tensor_validate, but the size may exceed the capacity: an execution sets the shape. */
rein_result_void rein_i_tensor_validate_output(const rein_tensor *tensor);

#endif
