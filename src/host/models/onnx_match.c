#include "host/models/onnx_match.h"

#include "host/models/malformed.h"
#include "host/models/onnx_names.h"

/* Lists the names of the initializers, then those of the inputs. Returns their number. */
static size_t list_names(const onnx_store *store) {
    const onnx_list *initializers = &store->lists[ONNX_LIST_INITIALIZERS];
    const onnx_list *inputs = &store->lists[ONNX_LIST_INPUTS];
    const onnx_initializer *initializer = (const void *)initializers->items;
    const rein_onnx_value *input = (const void *)inputs->items;
    for (size_t index = 0; index < initializers->count; index++) {
        store->room.names[index] = initializer[index].name;
    }
    for (size_t index = 0; index < inputs->count; index++) {
        store->room.names[initializers->count + index] = input[index].name;
    }
    return initializers->count + inputs->count;
}

/* Marks the inputs that have an initializer: their kind becomes 0. A run holds the names in the
 * order of the list, so that initializers come first. */
static rein_result_void match_run(const onnx_store *store, size_t begin, size_t end) {
    const onnx_list *initializers = &store->lists[ONNX_LIST_INITIALIZERS];
    const keyed_index *order = store->room.order;
    rein_onnx_value *inputs = (void *)store->lists[ONNX_LIST_INPUTS].items;
    if (order[begin].index >= initializers->count) {
        return rein_done();
    }
    for (size_t at = begin + 1; at < end; at++) {
        size_t index = order[at].index;
        if (index < initializers->count) {
            const onnx_initializer *second = (const void *)initializers->items;
            return rein_i_occurs_twice(REIN_HERE, second[index].offset, second[index].name.bytes);
        }
        inputs[index - initializers->count].kind = (rein_onnx_kind)0;
    }
    return rein_done();
}

rein_result_void rein_i_onnx_inputs_match(onnx_store *store) {
    onnx_list *list = &store->lists[ONNX_LIST_INPUTS];
    rein_onnx_value *inputs = (void *)list->items;
    size_t count = list_names(store);
    size_t kept = 0;
    rein_i_onnx_names_order(store->room.names, count, store->room.order, store->room.scratch);
    for (size_t begin = 0; begin < count;) {
        size_t end = rein_i_onnx_names_run_end(store->room.names, store->room.order, count, begin);
        REIN_TRY(rein_result_void, match_run(store, begin, end));
        begin = end;
    }
    for (size_t index = 0; index < list->count; index++) {
        if (inputs[index].kind != (rein_onnx_kind)0) {
            inputs[kept++] = inputs[index];
        }
    }
    list->count = kept;
    return rein_done();
}

/* Adds the tensors of a run to the first, which is the one that the file names first. */
static void merge_run(const onnx_store *store, size_t begin, size_t end) {
    rein_onnx_external_file *files = (void *)store->lists[ONNX_LIST_EXTERNAL_TENSORS].items;
    rein_onnx_external_file *first = &files[store->room.order[begin].index];
    for (size_t at = begin + 1; at < end; at++) {
        rein_onnx_external_file *other = &files[store->room.order[at].index];
        first->size_bytes =
            other->size_bytes > first->size_bytes ? other->size_bytes : first->size_bytes;
        first->tensor_count++;
        other->tensor_count = 0;
    }
}

void rein_i_onnx_external_merge(onnx_store *store) {
    onnx_list *list = &store->lists[ONNX_LIST_EXTERNAL_TENSORS];
    rein_onnx_external_file *files = (void *)list->items;
    size_t kept = 0;
    for (size_t index = 0; index < list->count; index++) {
        store->room.names[index] = files[index].location;
    }
    rein_i_onnx_names_order(store->room.names, list->count, store->room.order, store->room.scratch);
    for (size_t begin = 0; begin < list->count;) {
        size_t end =
            rein_i_onnx_names_run_end(store->room.names, store->room.order, list->count, begin);
        merge_run(store, begin, end);
        begin = end;
    }
    for (size_t index = 0; index < list->count; index++) {
        if (files[index].tensor_count > 0) {
            files[kept++] = files[index];
        }
    }
    list->count = kept;
}
