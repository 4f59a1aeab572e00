/* Every allocation of the example backend fails once: nothing leaks, nothing changes, the error
 * says so. */
#include "dense_backend.h"
#include "expect.h"
#include "failing_allocator.h"

/* Everything that allocates; the first error. */
static rein_result_void use(const rein_backend *backend) {
    REIN_TRY(rein_result_void, rein_backend_estimate_memory(backend, EXAMPLE_MODEL_PATH, NULL));
    REIN_TRY(rein_result_void, rein_backend_estimate_lifetimes(backend, EXAMPLE_MODEL_PATH, NULL));
    REIN_TRY(rein_result_void, rein_backend_input_specs(backend, EXAMPLE_MODEL_PATH));
    rein_model_id id = REIN_TRY(rein_result_void, rein_model_id_make("parity4"));
    return rein_backend_load(backend, EXAMPLE_MODEL_PATH, &id);
}

/* Creates, uses and destroys a backend while the allocation numbered `failing` fails. */
static rein_result_void run_with_failure(size_t failing) {
    failing_allocation = failing;
    rein_backend created = REIN_TRY(rein_result_void, dense_backend_create(rein_clock_system()));
    rein_result_void used = use(&created);
    bool is_loaded = rein_backend_is_loaded(&created);
    cr_assert(is_loaded == used.is_ok, "allocation %zu: a model that failed to load is not there",
              failing);
    failing_allocation = 0;
    rein_backend_destroy(&created);
    return used;
}

Test(example_memory, every_allocation_fails_once_cleanly) {
    size_t failed = fail_each_allocation(run_with_failure);
    /* The backend; four times a network and its four layers; two workspaces; the hidden tensors. */
    cr_assert(failed == 1 + 4 * 5 + 2 + 1, "%zu allocations", failed);
}
