/* Extents that the caller states: of symbols, and of inputs. */
#ifndef REIN_HOST_MODELS_ONNX_BINDINGS_H
#define REIN_HOST_MODELS_ONNX_BINDINGS_H

#include "host/base/arena.h"
#include "host/models/onnx_names.h"
#include "host/models/onnx_value.h"

typedef struct onnx_bindings {
    rein_onnx_text *symbols;
    uint64_t *extents;
    keyed_index *order;
    size_t count;
    size_t longest;                       /* bytes of the longest symbol */
    char *buffer;                         /* room for a symbol of the file that is as long */
    const rein_onnx_input_shape **shapes; /* of each input; NULL: not stated */
    rein_onnx_text *input_names;
    keyed_index *input_order;
    keyed_index *scratch; /* for either order */
} onnx_bindings;

/* Checks the counts and pointers of a request. Errors: InvalidArgument. */
rein_result_void rein_i_onnx_request_check(const rein_onnx_lifetimes_request *request);

/* Takes room for the bindings of a request that was checked. */
void rein_i_onnx_bindings_place(const rein_onnx_lifetimes_request *request, arena *space,
                                onnx_bindings *out_bindings);

/* Fills bindings that were placed. Errors: InvalidArgument if an input is not in the model or is
 * named twice, its shape contradicts the file, or a symbol gets two extents. */
rein_result_void rein_i_onnx_bindings_fill(const rein_onnx_lifetimes_request *request,
                                           onnx_bindings *bindings);

/* Returns the extent of a symbol; unknown if it is not bound. O(log n). */
rein_fact_u64 rein_i_onnx_bindings_find(const onnx_bindings *bindings, rein_onnx_text symbol);

/* Computes the extent of a dimension of the file; unknown if it has a symbol that is not bound, or
 * neither. Errors: those of read_at. */
rein_result_void rein_i_onnx_bindings_resolve(const onnx_bindings *bindings, byte_reader *reader,
                                              const onnx_dimension *dimension,
                                              rein_fact_u64 *out_extent);

#endif
