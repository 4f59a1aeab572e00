#include "ort_engine.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "ort_file.h"

rein_error ort_out_of_memory(rein_source_location where) {
    return rein_error_make(REIN_ERROR_OUT_OF_MEMORY, where, "no memory for the backend's own data");
}

rein_result_void ort_check(const ort_api *api, ort_status *status, rein_source_location where) {
    if (status == NULL) {
        return rein_done();
    }
    int native_code = api->get_error_code(status);
    rein_error_code code =
        native_code == ORT_NO_SUCH_FILE ? REIN_ERROR_NOT_FOUND : REIN_ERROR_BACKEND_ERROR;
    rein_error error = rein_error_make(code, where, "{text}");
    error = rein_error_with_text(error, api->get_error_message(status));
    api->release_status(status);
    return rein_result_void_fail(rein_error_with_native_code(error, native_code));
}

/* Opens the library and finds its table. */
static rein_result_void open_library(ort_engine *engine, const char *library_path) {
    /* RTLD_NODELETE: the library does not expect to be unloaded. */
    engine->library = dlopen(library_path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (engine->library == NULL) {
        const char *reason = dlerror();
        struct stat file;
        rein_result_void found = ort_look_at(library_path, &file);
        rein_error_code code = found.is_ok ? REIN_ERROR_UNSUPPORTED : REIN_ERROR(found).code;
        rein_error error = rein_error_make(code, REIN_HERE, "{text}");
        return rein_result_void_fail(rein_error_with_text(error, reason));
    }
    const ort_api_base *(*get_base)(void) = NULL;
    void *symbol = dlsym(engine->library, "OrtGetApiBase");
    memcpy(&get_base, &symbol, sizeof get_base);
    engine->api = get_base == NULL ? NULL : get_base()->get_api(ORT_API_VERSION);
    if (engine->api == NULL) {
        rein_error error =
            rein_error_make(REIN_ERROR_UNSUPPORTED, REIN_HERE,
                            "{text}: not a library of ONNX Runtime, or older than release 1.8");
        return rein_result_void_fail(rein_error_with_text(error, library_path));
    }
    engine->counts_weights = strncmp(get_base()->get_version(), "1.20.", 5) == 0;
    return rein_done();
}

static rein_result_void set_up(ort_engine *engine, const char *library_path) {
    REIN_TRY(rein_result_void, open_library(engine, library_path));
    const ort_api *api = engine->api;
    REIN_TRY(rein_result_void,
             ort_check(api, api->create_env(ORT_LOG_FATAL, "rein", &engine->env), REIN_HERE));
    REIN_TRY(rein_result_void,
             ort_check(api,
                       api->create_cpu_memory_info(ORT_DEVICE_ALLOCATOR, ORT_MEMORY_DEFAULT,
                                                   &engine->host_memory),
                       REIN_HERE));
    ort_counting_allocator_init(&engine->allocator, engine->host_memory);
    REIN_TRY(
        rein_result_void,
        ort_check(api, api->register_allocator(engine->env, &engine->allocator.table), REIN_HERE));
    engine->is_registered = true;
    return rein_done();
}

ort_result_engine ort_engine_create(const char *library_path) {
    ort_engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL) {
        return ort_result_engine_fail(ort_out_of_memory(REIN_HERE));
    }
    rein_result_void done = set_up(engine, library_path);
    if (!done.is_ok) {
        ort_engine_destroy(engine);
        return ort_result_engine_fail(REIN_ERROR(done));
    }
    return ort_result_engine_ok(engine);
}

void ort_engine_destroy(ort_engine *engine) {
    if (engine == NULL) {
        return;
    }
    if (engine->is_registered) {
        REIN_IGNORE(ort_check(engine->api,
                              engine->api->unregister_allocator(engine->env, engine->host_memory),
                              REIN_HERE));
    }
    if (engine->env != NULL) {
        engine->api->release_env(engine->env);
    }
    if (engine->host_memory != NULL) {
        engine->api->release_memory_info(engine->host_memory);
    }
    if (engine->library != NULL) {
        dlclose(engine->library);
    }
    free(engine);
}
