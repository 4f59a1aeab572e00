/* Checks that specs and tensors share. */
#ifndef REIN_HOST_CONTRACT_TENSOR_SPEC_H
#define REIN_HOST_CONTRACT_TENSOR_SPEC_H

#include "contract/tensor.h"

/* Checks a layout. Errors: InvalidArgument if it is not valid, or needs another rank. */
rein_result_void rein_i_layout_check(rein_layout layout, int32_t rank);

/* Checks a kind of memory. Errors: InvalidArgument if it is not valid. */
rein_result_void rein_i_memory_kind_check(rein_memory_kind kind);

/* Checks the index of a device. Errors: InvalidArgument if it is negative. */
rein_result_void rein_i_device_check(int32_t device_index);

/* Checks as rein_tensor_validate does, but the size may exceed the capacity: an execution sets the
 * shape. */
rein_result_void rein_i_tensor_validate_output(const rein_tensor *tensor);

#endif
