/* Every allocation of the backend on ONNX Runtime fails once: nothing leaks, nothing changes, the
 * error says so. The engine's own allocations do not fail. */
#include <stdlib.h>

#include "expect.h"
#include "failing_allocator.h"
#include "ort_backend.h"
#include "ort_trial.h"
#include "tensor_list.h"

#define FIXED ONNX_MODELS "/fixed.onnx"

/* Everything that allocates; the first error. */
static rein_result_void use(const ort_engine *engine, const rein_backend *backend) {
    REIN_TRY(rein_result_void, rein_backend_estimate_memory(backend, FIXED, NULL));
    REIN_TRY(rein_result_void, rein_backend_input_specs(backend, FIXED));
    REIN_TRY(rein_result_void, ort_measure_activations(engine, FIXED, 1, NULL));
    rein_model_id id = REIN_TRY(rein_result_void, rein_model_id_make("model"));
    return rein_backend_load(backend, FIXED, &id);
}

static rein_result_void run_with_engine(const ort_engine *engine) {
    ort_backend_options options = {.clock = rein_clock_system(), .max_batch_size = 1};
    rein_backend created = REIN_TRY(rein_result_void, ort_backend_create(engine, &options));
    rein_result_void used = use(engine, &created);
    bool is_loaded = rein_backend_is_loaded(&created);
    cr_assert(is_loaded == used.is_ok, "a model that failed to load is not there");
    rein_backend_destroy(&created);
    return used;
}

static rein_result_void run_with_failure(size_t failing) {
    failing_allocation = failing;
    ort_engine *engine = REIN_TRY(rein_result_void, ort_engine_create(getenv("REIN_ONNXRUNTIME")));
    rein_result_void lived = run_with_engine(engine);
    failing_allocation = 0;
    ort_engine_destroy(engine);
    return lived;
}

Test(onnxruntime_memory, every_allocation_fails_once_cleanly) {
    size_t failed = fail_each_allocation(run_with_failure);
    /* A model: itself, its specs, names and rules. A call: itself, values, bindings and shapes. */
    enum { MODEL = 4, CALL = 4 };
    /* Engine and backend. An analysis and its path. A trial's two tensors, each in a list. */
    cr_assert(failed == 2 + (MODEL + 2) + (MODEL + 2 * 2 + CALL) + (MODEL + CALL),
              "%zu allocations", failed);
}
