#include "host/models/onnx_store.h"

#include <string.h>

#include "host/base/arena.h"
#include "host/models/file_check.h"

static size_t item_bytes_of(size_t kind) {
    static const size_t item_bytes[ONNX_LIST_COUNT] = {
        [ONNX_LIST_OPSETS] = sizeof(rein_onnx_opset),
        [ONNX_LIST_INPUTS] = sizeof(rein_onnx_value),
        [ONNX_LIST_OUTPUTS] = sizeof(rein_onnx_value),
        [ONNX_LIST_DIMENSIONS] = sizeof(rein_onnx_dimension),
        [ONNX_LIST_INITIALIZERS] = sizeof(onnx_initializer),
        [ONNX_LIST_EXTERNAL_TENSORS] = sizeof(rein_onnx_external_file),
        [ONNX_LIST_TEXT] = 1,
    };
    return item_bytes[kind];
}

onnx_store rein_i_onnx_store_counting(void) {
    onnx_store store;
    memset(&store, 0, sizeof store);
    for (size_t kind = 0; kind < ONNX_LIST_COUNT; kind++) {
        store.lists[kind].capacity = SIZE_MAX;
    }
    return store;
}

/* Returns the most names that are compared at once. */
static size_t name_count_of(const onnx_store *counted) {
    size_t of_graph =
        counted->lists[ONNX_LIST_INITIALIZERS].count + counted->lists[ONNX_LIST_INPUTS].count;
    size_t of_files = counted->lists[ONNX_LIST_EXTERNAL_TENSORS].count;
    return of_graph > of_files ? of_graph : of_files;
}

size_t rein_i_onnx_store_place(const onnx_store *counted, void *memory, onnx_store *out_store) {
    arena space = {memory, 0};
    size_t name_count = name_count_of(counted);
    for (size_t kind = 0; kind < ONNX_LIST_COUNT; kind++) {
        size_t capacity = counted->lists[kind].count;
        unsigned char *items = arena_take(&space, capacity, item_bytes_of(kind));
        out_store->lists[kind] = (onnx_list){items, 0, capacity};
    }
    out_store->room.names = arena_take(&space, name_count, sizeof(rein_onnx_text));
    out_store->room.order = arena_take(&space, name_count, sizeof(keyed_index));
    out_store->room.scratch = arena_take(&space, name_count, sizeof(keyed_index));
    return space.used_bytes;
}

/* Takes room for `count` items. */
static rein_result_void take(onnx_list *list, uint64_t count) {
    if (count > list->capacity - list->count) {
        return rein_i_model_file_changed(REIN_HERE);
    }
    list->count += (size_t)count;
    return rein_done();
}

rein_result_void rein_i_onnx_store_add(onnx_store *store, onnx_list_kind kind, const void *item) {
    void *place = rein_i_onnx_store_next(store, kind);
    REIN_TRY(rein_result_void, take(&store->lists[kind], 1));
    if (place != NULL) {
        memcpy(place, item, item_bytes_of(kind));
    }
    return rein_done();
}

rein_result_void rein_i_onnx_store_add_text(onnx_store *store, byte_reader *reader, file_text text,
                                            rein_onnx_text *out_text) {
    char *place = rein_i_onnx_store_next(store, ONNX_LIST_TEXT);
    REIN_TRY(rein_result_void, take(&store->lists[ONNX_LIST_TEXT], text.length + 1));
    *out_text = (rein_onnx_text){place, (size_t)text.length};
    if (place != NULL) {
        place[text.length] = '\0';
        return rein_i_onnx_text_read(reader, text, place);
    }
    return rein_done();
}

void *rein_i_onnx_store_next(const onnx_store *store, onnx_list_kind kind) {
    const onnx_list *list = &store->lists[kind];
    return list->items == NULL ? NULL : list->items + list->count * item_bytes_of(kind);
}
