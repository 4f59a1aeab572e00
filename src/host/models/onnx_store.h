/* The lists of a model that is read: first counted, then filled in the caller's workspace. */
#ifndef REIN_HOST_MODELS_ONNX_STORE_H
#define REIN_HOST_MODELS_ONNX_STORE_H

#include "host/base/radix_sort.h"
#include "host/models/onnx_text.h"
#include "models/onnx.h"

typedef enum onnx_list_kind {
    ONNX_LIST_OPSETS,           /* rein_onnx_opset */
    ONNX_LIST_INPUTS,           /* rein_onnx_value: all inputs, then those without an initializer */
    ONNX_LIST_OUTPUTS,          /* rein_onnx_value */
    ONNX_LIST_DIMENSIONS,       /* rein_onnx_dimension: of inputs and outputs */
    ONNX_LIST_INITIALIZERS,     /* onnx_initializer: those of the graph */
    ONNX_LIST_EXTERNAL_TENSORS, /* rein_onnx_external_file: one for each, then merged */
    ONNX_LIST_TEXT,             /* bytes */
    ONNX_LIST_COUNT
} onnx_list_kind;

typedef struct onnx_initializer {
    rein_onnx_text name;
    uint64_t offset; /* in the file */
} onnx_initializer;

typedef struct onnx_list {
    unsigned char *items; /* NULL while they are only counted */
    size_t count;
    size_t capacity;
} onnx_list;

/* Room for finding equal names. */
typedef struct onnx_name_room {
    rein_onnx_text *names;
    keyed_index *order;
    keyed_index *scratch;
} onnx_name_room;

typedef struct onnx_store {
    onnx_list lists[ONNX_LIST_COUNT];
    onnx_name_room room;
} onnx_store;

/* Returns a store that only counts. */
onnx_store rein_i_onnx_store_counting(void);

/* Places the lists that `counted` counted, and room for names, in `memory`, and returns the bytes
 * that they take. Only counts the bytes if `memory` is NULL. */
size_t rein_i_onnx_store_place(const onnx_store *counted, void *memory, onnx_store *out_store);

/* Adds an item of the list's type. Errors: InvalidArgument if more items come than were counted:
 * the file was changed. */
rein_result_void rein_i_onnx_store_add(onnx_store *store, onnx_list_kind kind, const void *item);

/* Adds a text and a NUL. Errors: as rein_i_onnx_store_add; those of read_at. */
rein_result_void rein_i_onnx_store_add_text(onnx_store *store, byte_reader *reader, file_text text,
                                            rein_onnx_text *out_text);

/* Returns the end of a list, at which the next item is placed; NULL while items are only counted.
 */
void *rein_i_onnx_store_next(const onnx_store *store, onnx_list_kind kind);

#endif
