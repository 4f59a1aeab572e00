#include "tensor_list.h"

#include <stdlib.h>

static rein_error out_of_memory(rein_source_location where) {
    return rein_error_make(REIN_ERROR_OUT_OF_MEMORY, where, "no memory for tensors");
}

/* Appends a tensor, and gives it the memory. */
static rein_result_void append(tensor_list *list, rein_tensor tensor, uint64_t capacity_bytes) {
    rein_tensor *tensors = realloc(list->tensors, (list->count + 1) * sizeof *tensors);
    if (tensors == NULL) {
        return rein_result_void_fail(out_of_memory(REIN_HERE));
    }
    list->tensors = tensors;
    tensor.data = NULL;
    tensors[list->count++] = tensor;
    rein_result_void done = tensor_list_resize(list, list->count - 1, capacity_bytes);
    list->count -= done.is_ok ? 0 : 1;
    return done;
}

rein_result_void tensor_list_add(tensor_list *list, const rein_tensor_spec *spec,
                                 const rein_shape *shape) {
    uint64_t size_bytes = REIN_TRY(rein_result_void, rein_tensor_spec_size_bytes(spec, shape));
    rein_tensor tensor = REIN_TRY(rein_result_void, rein_tensor_make_output(spec, NULL, 0));
    tensor.descriptor.shape = *shape;
    return append(list, tensor, size_bytes);
}

rein_result_void tensor_list_add_output(tensor_list *list, const rein_tensor_spec *spec,
                                        uint64_t capacity_bytes) {
    rein_tensor tensor = REIN_TRY(rein_result_void, rein_tensor_make_output(spec, NULL, 0));
    return append(list, tensor, capacity_bytes);
}

rein_result_void tensor_list_resize(tensor_list *list, size_t index, uint64_t capacity_bytes) {
    void *data = calloc(1, capacity_bytes + 1); /* never 0 bytes */
    if (data == NULL) {
        return rein_result_void_fail(out_of_memory(REIN_HERE));
    }
    free(list->tensors[index].data);
    list->tensors[index].data = data;
    list->tensors[index].capacity_bytes = capacity_bytes;
    return rein_done();
}

void tensor_list_deinit(tensor_list *list) {
    for (size_t index = 0; index < list->count; index++) {
        free(list->tensors[index].data);
    }
    free(list->tensors);
    *list = (tensor_list){.tensors = NULL};
}
