#include "contract/backend.h"

#include <string.h>

#include "host/contract/invalid.h"

enum { SLOT_BYTES = sizeof(void (*)(void)), SLOT_COUNT = 11 };

_Static_assert(sizeof(rein_backend_interface) ==
                   offsetof(rein_backend_interface, load) + SLOT_COUNT * SLOT_BYTES,
               "a new slot is counted here and, if it is required, listed in absent_slot");

/* Whether a table of this size ends with a whole slot and this library knows all of it. */
static bool table_size_is_known(size_t struct_size) {
    size_t first_slot = offsetof(rein_backend_interface, load);
    return struct_size >= first_slot && struct_size <= sizeof(rein_backend_interface) &&
           (struct_size - first_slot) % SLOT_BYTES == 0;
}

/* Whether the table has the slot at `offset`: one compiled against an older header may end before
 * it. The one way to look at a slot that may be absent. */
static bool has_slot(const rein_backend_interface *table, size_t offset) {
    void (*slot)(void) = NULL;
    if (offset + sizeof slot <= table->struct_size) {
        memcpy(&slot, (const char *)table + offset, sizeof slot);
    }
    return slot != NULL;
}

/* The name of the first required slot that is absent, or NULL. */
static const char *absent_slot(const rein_backend_interface *table) {
    static const struct {
        const char *name;
        size_t offset;
    } required[] = {
        {"load", offsetof(rein_backend_interface, load)},
        {"unload", offsetof(rein_backend_interface, unload)},
        {"execute", offsetof(rein_backend_interface, execute)},
        {"capabilities", offsetof(rein_backend_interface, capabilities)},
        {"is_loaded", offsetof(rein_backend_interface, is_loaded)},
        {"destroy", offsetof(rein_backend_interface, destroy)},
        {"estimate_memory", offsetof(rein_backend_interface, estimate_memory)},
        {"estimate_lifetimes", offsetof(rein_backend_interface, estimate_lifetimes)},
        {"input_specs", offsetof(rein_backend_interface, input_specs)},
        {"output_specs", offsetof(rein_backend_interface, output_specs)},
    };
    for (size_t index = 0; index < sizeof required / sizeof required[0]; index++) {
        if (!has_slot(table, required[index].offset)) {
            return required[index].name;
        }
    }
    return NULL;
}

rein_result_backend rein_backend_bind(const rein_backend_interface *table, void *self) {
    if (table == NULL) {
        return rein_result_backend_fail(
            rein_i_invalid_error(REIN_HERE, "table is NULL, expected a table", 0, 0, 0));
    }
    if (!table_size_is_known(table->struct_size)) {
        return rein_result_backend_fail(rein_i_invalid_error(
            REIN_HERE, "struct_size is {u}, expected whole slots and at most {u}",
            table->struct_size, sizeof *table, 0));
    }
    const char *absent = absent_slot(table);
    if (absent != NULL) {
        return rein_result_backend_fail(
            rein_i_error_about(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                               "slot {text} is absent, expected a function", absent));
    }
    return rein_result_backend_ok((rein_backend){.table = table, .self = self});
}

/* How the messages about one side of an execution read. */
typedef struct side_text {
    const char *count_differs;
    const char *array_is_null;
    const char *spec_differs;
} side_text;

static const side_text input_text = {
    .count_differs = "{u} input tensors, expected {u}",
    .array_is_null = "the input tensors or their specs are NULL; {u} of each are required",
    .spec_differs = "input tensor {u}, expected the name, shape, type and layout of {text}",
};

static const side_text output_text = {
    .count_differs = "{u} output tensors, expected {u}",
    .array_is_null = "the output tensors or their specs are NULL; {u} of each are required",
    .spec_differs = "output tensor {u}, expected the name, shape, type and layout of {text}",
};

static rein_result_void check_side(const rein_tensor *tensors, size_t count,
                                   rein_tensor_spec_view specs, const side_text *text,
                                   rein_source_location where) {
    if (count != specs.count) {
        return rein_i_invalid(where, text->count_differs, count, specs.count, 0);
    }
    if (count > 0 && (tensors == NULL || specs.specs == NULL)) {
        return rein_i_invalid(where, text->array_is_null, count, 0, 0);
    }
    for (size_t index = 0; index < count; index++) {
        const rein_tensor_spec *spec = &specs.specs[index];
        if (!rein_tensor_spec_equal(&tensors[index].spec, spec)) {
            rein_error error = rein_i_invalid_error(where, text->spec_differs, index, 0, 0);
            return rein_result_void_fail(rein_error_with_text(error, spec->descriptor.name));
        }
    }
    return rein_done();
}

rein_result_void rein_backend_check_tensors(const rein_execution_request *request,
                                            const rein_execution_result *result,
                                            rein_tensor_spec_view input_specs,
                                            rein_tensor_spec_view output_specs) {
    if (request == NULL || result == NULL) {
        return rein_i_invalid(REIN_HERE, "the request or the result is NULL; both are required", 0,
                              0, 0);
    }
    REIN_TRY(rein_result_void, check_side(request->input_tensors, request->input_tensor_count,
                                          input_specs, &input_text, REIN_HERE));
    return check_side(result->output_tensors, result->output_tensor_count, output_specs,
                      &output_text, REIN_HERE);
}

/* rein_backend_destroy zeroes a binding. */
static bool is_bound(const rein_backend *backend) {
    return backend != NULL && backend->table != NULL;
}

static rein_result_void refuse_unbound(rein_source_location where) {
    return rein_i_invalid(where, "backend is not bound, expected a bound backend", 0, 0, 0);
}

static rein_result_void check_path_call(const rein_backend *backend, const char *model_path,
                                        rein_source_location where) {
    if (!is_bound(backend)) {
        return refuse_unbound(where);
    }
    if (model_path == NULL || model_path[0] == '\0') {
        return rein_i_invalid(where, "model_path is NULL or empty, expected a path", 0, 0, 0);
    }
    return rein_done();
}

rein_result_void rein_backend_load(const rein_backend *backend, const char *model_path) {
    REIN_TRY(rein_result_void, check_path_call(backend, model_path, REIN_HERE));
    return backend->table->load(backend->self, model_path);
}

rein_result_void rein_backend_unload(const rein_backend *backend) {
    if (!is_bound(backend)) {
        return refuse_unbound(REIN_HERE);
    }
    return backend->table->unload(backend->self);
}

rein_result_void rein_backend_execute(const rein_backend *backend,
                                      const rein_execution_request *request,
                                      rein_execution_result *out_result) {
    if (!is_bound(backend)) {
        return refuse_unbound(REIN_HERE);
    }
    REIN_TRY(rein_result_void, rein_execution_request_validate(request));
    REIN_TRY(rein_result_void, rein_execution_result_validate(out_result));
    return backend->table->execute(backend->self, request, out_result);
}

rein_result_memory_estimate rein_backend_estimate_memory(const rein_backend *backend,
                                                         const char *model_path) {
    REIN_TRY(rein_result_memory_estimate, check_path_call(backend, model_path, REIN_HERE));
    return backend->table->estimate_memory(backend->self, model_path);
}

rein_result_lifetime_view rein_backend_estimate_lifetimes(const rein_backend *backend,
                                                          const char *model_path) {
    REIN_TRY(rein_result_lifetime_view, check_path_call(backend, model_path, REIN_HERE));
    return backend->table->estimate_lifetimes(backend->self, model_path);
}

rein_result_tensor_spec_view rein_backend_input_specs(const rein_backend *backend,
                                                      const char *model_path) {
    REIN_TRY(rein_result_tensor_spec_view, check_path_call(backend, model_path, REIN_HERE));
    return backend->table->input_specs(backend->self, model_path);
}

rein_result_tensor_spec_view rein_backend_output_specs(const rein_backend *backend,
                                                       const char *model_path) {
    REIN_TRY(rein_result_tensor_spec_view, check_path_call(backend, model_path, REIN_HERE));
    return backend->table->output_specs(backend->self, model_path);
}

rein_result_void rein_backend_warmup(const rein_backend *backend, struct CUstream_st *stream) {
    if (!is_bound(backend)) {
        return refuse_unbound(REIN_HERE);
    }
    return has_slot(backend->table, offsetof(rein_backend_interface, warmup))
               ? backend->table->warmup(backend->self, stream)
               : rein_done();
}

rein_backend_capabilities rein_backend_get_capabilities(const rein_backend *backend) {
    return is_bound(backend) ? backend->table->capabilities(backend->self)
                             : (rein_backend_capabilities){.max_batch_size = 0};
}

bool rein_backend_is_loaded(const rein_backend *backend) {
    return is_bound(backend) && backend->table->is_loaded(backend->self);
}

void rein_backend_destroy(rein_backend *backend) {
    if (!is_bound(backend)) {
        return;
    }
    backend->table->destroy(backend->self);
    *backend = (rein_backend){0};
}
