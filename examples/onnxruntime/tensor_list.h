/* Tensors with memory of their own, as a caller of a backend keeps them. */
#ifndef REIN_EXAMPLES_TENSOR_LIST_H
#define REIN_EXAMPLES_TENSOR_LIST_H

#include <contract/contract.h>

/* A zeroed list is empty. */
typedef struct tensor_list {
    rein_tensor *tensors; /* owned, with their data */
    size_t count;
} tensor_list;

/* Append a tensor: in a shape that the spec allows, filled with zeros; or an output with room for
 * `capacity_bytes`. Errors: InvalidArgument; OutOfMemory. */
REIN_MUST_USE rein_result_void tensor_list_add(tensor_list *list, const rein_tensor_spec *spec,
                                               const rein_shape *shape);
REIN_MUST_USE rein_result_void tensor_list_add_output(tensor_list *list,
                                                      const rein_tensor_spec *spec,
                                                      uint64_t capacity_bytes);

/* Gives a tensor room for `capacity_bytes` instead; its bytes are lost. Errors: OutOfMemory. */
REIN_MUST_USE rein_result_void tensor_list_resize(tensor_list *list, size_t index,
                                                  uint64_t capacity_bytes);

/* Frees the tensors. */
void tensor_list_deinit(tensor_list *list);

#endif
