#include "serve_engines.h"

#include "mocks/mock_backend.h"
#include "mocks/mock_sequences.h"
#include "mocks/virtual_clock.h"

static virtual_clock engine_time; /* starts at 0; only executions move it */

const rein_clock *engine_clock(void) {
    static rein_clock clock;
    clock = virtual_clock_view(&engine_time);
    return &clock;
}

/* Its executions take 10 ms. The mock does not measure the device time. */
rein_result_backend detector_create(void) {
    static const rein_tensor_lifetime tensors[] = {
        {.from = 0, .until = 2, .size_bytes = 48 * REIN_MIB, .alignment_bytes = 256},
        {.from = 1, .until = 3, .size_bytes = 24 * REIN_MIB, .alignment_bytes = 256},
        {.from = 2, .until = 4, .size_bytes = 32 * REIN_MIB, .alignment_bytes = 256},
        {.from = 3, .until = 5, .size_bytes = 16 * REIN_MIB, .alignment_bytes = 256}};
    mock_backend *mock = REIN_TRY(rein_result_backend, mock_backend_create(engine_clock()));
    mock_backend_set_memory_estimate(
        mock, (rein_memory_estimate){.weights_bytes = rein_fact_u64_known(102440624)});
    REIN_UNWRAP(mock_backend_set_lifetimes(
        mock, (rein_lifetime_view){tensors, sizeof tensors / sizeof tensors[0]}));
    return rein_result_backend_ok(mock_backend_bind(mock));
}

/* The device computes for 4 of the 10 ms that an execution takes. */
rein_result_backend assistant_create(void) {
    mock_backend *mock = REIN_TRY(rein_result_backend, mock_backend_create(engine_clock()));
    mock_backend_set_memory_estimate(
        mock, (rein_memory_estimate){.weights_bytes = rein_fact_u64_known(16 * REIN_GIB),
                                     .load_peak_bytes = rein_fact_u64_known(20 * REIN_GIB),
                                     .activation_bytes = rein_fact_u64_known(2 * REIN_GIB)});
    mock_backend_set_state_bytes_per_token(mock, rein_fact_u64_known(128 * REIN_KIB));
    mock_backend_set_injected_error(
        mock, MOCK_BACKEND_ESTIMATE_LIFETIMES,
        rein_error_make(REIN_ERROR_UNSUPPORTED, REIN_HERE, "the engine hides its tensors"));
    mock_backend_inject_error_always(mock, MOCK_BACKEND_ESTIMATE_LIFETIMES);
    mock_backend_set_device_time(mock, rein_fact_u64_known(4 * REIN_NS_PER_MS));
    return rein_result_backend_ok(mock_backend_bind(mock));
}
