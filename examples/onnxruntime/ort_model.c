#include "ort_model.h"

#include <stdlib.h>

#include "ort_file.h"

/* Each execution computes on the thread of its caller. It allocates memory on demand and frees it
 * before it ends, so the allocator can charge each execution separately. */
static rein_result_void configure(const ort_api *api, ort_session_options *options) {
    REIN_TRY(rein_result_void, ort_check(api, api->set_intra_op_threads(options, 1), REIN_HERE));
    REIN_TRY(rein_result_void, ort_check(api, api->disable_memory_pattern(options), REIN_HERE));
    return ort_check(api, api->add_session_config(options, "session.use_env_allocators", "1"),
                     REIN_HERE);
}

static rein_result_void open_session(ort_model *model, const char *path) {
    const ort_api *api = model->engine->api;
    ort_session_options *options = NULL;
    REIN_TRY(rein_result_void, ort_check(api, api->create_session_options(&options), REIN_HERE));
    rein_result_void done = configure(api, options);
    if (done.is_ok) {
        ort_account_use(&model->account);
        ort_status *status =
            api->create_session(model->engine->env, path, options, &model->session);
        ort_account_use(NULL);
        done = ort_check(api, status, REIN_HERE);
    }
    api->release_session_options(options);
    model->weights_bytes = ort_account_used_bytes(&model->account);
    model->load_peak_bytes = model->account.peak_bytes;
    return done;
}

/* Makes the parts of a signature that executions need. */
static rein_result_void prepare(ort_model *model) {
    const ort_signature *signature = &model->signature;
    size_t count = signature->input_count + signature->output_count;
    model->names = calloc(count + 1, sizeof *model->names);
    model->rules = calloc(signature->output_count + 1, sizeof *model->rules);
    if (model->names == NULL || model->rules == NULL) {
        return rein_result_void_fail(ort_out_of_memory(REIN_HERE));
    }
    for (size_t index = 0; index < count; index++) {
        model->names[index] = signature->specs[index].name;
    }
    for (size_t index = 0; index < signature->output_count; index++) {
        model->rules[index] = ort_output_rule_make(&ort_signature_outputs(signature).specs[index],
                                                   ort_signature_inputs(signature));
    }
    return rein_done();
}

static rein_result_void open_model(ort_model *model, const char *path, uint32_t max_batch_size) {
    struct stat
        file; /* the engine does not tell each path that does not exist from other failures */
    REIN_TRY(rein_result_void, ort_look_at(path, &file));
    REIN_TRY(rein_result_void, open_session(model, path));
    model->signature = REIN_TRY(
        rein_result_void, ort_signature_read(model->engine, model->session, path, max_batch_size));
    return prepare(model);
}

ort_result_model ort_model_open(const ort_engine *engine, const char *path,
                                uint32_t max_batch_size) {
    ort_model *model = calloc(1, sizeof *model);
    if (model == NULL) {
        return ort_result_model_fail(ort_out_of_memory(REIN_HERE));
    }
    model->engine = engine;
    rein_result_void done = open_model(model, path, max_batch_size);
    if (!done.is_ok) {
        ort_model_close(model);
        return ort_result_model_fail(REIN_ERROR(done));
    }
    return ort_result_model_ok(model);
}

void ort_model_close(ort_model *model) {
    if (model == NULL) {
        return;
    }
    if (model->session != NULL) {
        model->engine->api->release_session(model->session);
    }
    free(model->names);
    free(model->rules);
    ort_signature_deinit(&model->signature);
    free(model);
}
