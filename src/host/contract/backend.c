#include "host/contract/backend.h"

#include "host/contract/execution.h"
#include "host/contract/invalid.h"
#include "host/contract/name.h"

/* Returns whether the backend is bound. rein_backend_destroy zeroes a binding. */
static bool is_bound(const rein_backend *backend) {
    return backend != NULL && backend->table != NULL;
}

rein_result_void rein_i_backend_require(const rein_backend *backend) {
    return is_bound(backend)
               ? rein_done()
               : rein_i_invalid(REIN_HERE,
                                "the backend is not bound; bind it with rein_backend_bind", 0, 0,
                                0);
}

rein_result_void rein_i_backend_check_path(const char *model_path, rein_source_location where) {
    return model_path != NULL && model_path[0] != '\0'
               ? rein_done()
               : rein_i_invalid(where, "model_path must not be NULL or empty", 0, 0, 0);
}

rein_result_void rein_i_backend_check_request(const rein_backend *backend,
                                              const rein_execution_request *request) {
    REIN_TRY(rein_result_void, rein_i_request_check(request));
    if (request->sequence.value != 0 &&
        !rein_i_backend_has(backend->table, offsetof(rein_backend_interface, sequences))) {
        return rein_result_void_fail(rein_error_make(
            REIN_ERROR_UNSUPPORTED, REIN_HERE,
            "the request has a sequence, but the backend does not support sequences"));
    }
    return rein_done();
}

static rein_result_void check_path_call(const rein_backend *backend, const char *model_path,
                                        rein_source_location where) {
    REIN_TRY(rein_result_void, rein_i_backend_require(backend));
    return rein_i_backend_check_path(model_path, where);
}

static rein_result_void check_analysis_call(const rein_backend *backend, const char *model_path,
                                            const rein_input_shapes *shapes,
                                            rein_source_location where) {
    if (shapes != NULL && shapes->shapes == NULL && shapes->count > 0) {
        return rein_i_invalid(where, "shapes" MUST_HOLD_ELEMENTS, shapes->count, 0, 0);
    }
    return check_path_call(backend, model_path, where);
}

rein_result_void rein_backend_load(const rein_backend *backend, const char *model_path,
                                   const rein_model_id *model_id) {
    REIN_TRY(rein_result_void, check_path_call(backend, model_path, REIN_HERE));
    if (model_id == NULL) {
        return rein_i_invalid(REIN_HERE, "model_id" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    REIN_TRY(rein_result_void, rein_i_name_validate(model_id->text));
    return backend->table->load(backend->self, model_path, model_id);
}

rein_result_void rein_backend_unload(const rein_backend *backend) {
    REIN_TRY(rein_result_void, rein_i_backend_require(backend));
    return backend->table->unload(backend->self);
}

rein_result_void rein_backend_execute(const rein_backend *backend,
                                      const rein_execution_request *request,
                                      rein_execution_result *out_result) {
    REIN_TRY(rein_result_void, rein_i_backend_require(backend));
    REIN_TRY(rein_result_void, rein_i_backend_check_request(backend, request));
    REIN_TRY(rein_result_void, rein_i_result_check(out_result));
    return backend->table->execute(backend->self, request, out_result);
}

rein_result_memory_estimate rein_backend_estimate_memory(const rein_backend *backend,
                                                         const char *model_path,
                                                         const rein_input_shapes *shapes) {
    REIN_TRY(rein_result_memory_estimate,
             check_analysis_call(backend, model_path, shapes, REIN_HERE));
    return backend->table->estimate_memory(backend->self, model_path, shapes);
}

rein_result_lifetime_view rein_backend_estimate_lifetimes(const rein_backend *backend,
                                                          const char *model_path,
                                                          const rein_input_shapes *shapes) {
    REIN_TRY(rein_result_lifetime_view,
             check_analysis_call(backend, model_path, shapes, REIN_HERE));
    return backend->table->estimate_lifetimes(backend->self, model_path, shapes);
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
    REIN_TRY(rein_result_void, rein_i_backend_require(backend));
    return rein_i_backend_has(backend->table, offsetof(rein_backend_interface, warmup))
               ? backend->table->warmup(backend->self, stream)
               : rein_done();
}

const rein_backend_capabilities *rein_backend_get_capabilities(const rein_backend *backend) {
    static const rein_backend_capabilities none = {.struct_size = sizeof none};
    return is_bound(backend) ? backend->table->capabilities(backend->self) : &none;
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
