#include <stdlib.h>

#include "cuda/failure.h"
#include "cuda/probe_internal.h"

static rein_cuda_system not_ready(rein_cuda_system system, rein_error reason) {
    system.reason = reason;
    system.condition = rein_cuda_condition_of(&reason);
    if (system.condition == REIN_CUDA_READY) {
        system.condition = REIN_CUDA_UNUSABLE;
    }
    return system;
}

static rein_error count_failure(cudaError_t code) {
    return rein_i_cuda_failure(code, REIN_HERE, "cudaGetDeviceCount failed: {text}", 0, 0);
}

/* Counts the devices. A driver is installed. */
static rein_cuda_system count_devices(rein_cuda_system system) {
    rein_result_void entered = rein_i_cuda_process_enter();
    if (!entered.is_ok) {
        return not_ready(system, REIN_ERROR(entered));
    }
    cuda_scope scope;
    rein_i_cuda_scope_enter_plain(&scope);
    int count = 0;
    cudaError_t code = rein_i_cuda_scope_note(&scope, cudaGetDeviceCount(&count));
    rein_i_cuda_scope_leave(&scope);
    if (code == cudaSuccess && count == 0) {
        code = cudaErrorNoDevice;
    }
    if (code != cudaSuccess) {
        return not_ready(system, count_failure(code));
    }
    system.condition = REIN_CUDA_READY;
    system.device_count = (uint32_t)count;
    return system;
}

rein_cuda_system rein_cuda_system_query(void) {
    rein_cuda_system system = {.condition = REIN_CUDA_UNUSABLE};
    rein_result_void usable = rein_i_cuda_refuse_forked_child();
    if (!usable.is_ok) {
        return not_ready(system, REIN_ERROR(usable));
    }
    cuda_scope scope;
    rein_i_cuda_scope_enter_plain(&scope);
    int runtime = 0;
    int driver = 0;
    cudaError_t code = rein_i_cuda_scope_note(&scope, cudaRuntimeGetVersion(&runtime));
    if (code == cudaSuccess) {
        code = rein_i_cuda_scope_note(&scope, cudaDriverGetVersion(&driver));
    }
    rein_i_cuda_scope_leave(&scope);
    system.runtime_version = (uint64_t)runtime;
    system.driver_version = (uint64_t)driver;
    if (code == cudaSuccess && driver == 0) {
        return not_ready(system, rein_i_cuda_condition_error(
                                     REIN_CUDA_NO_DRIVER, cudaErrorInsufficientDriver, REIN_HERE));
    }
    if (code != cudaSuccess) {
        return not_ready(
            system,
            rein_i_cuda_failure(code, REIN_HERE,
                                "reading the versions of runtime and driver failed: {text}", 0, 0));
    }
    return count_devices(system);
}

rein_result_void rein_i_probe_require_ready(rein_cuda_system *out_system) {
    REIN_TRY(rein_result_void, rein_i_cuda_refuse_forked_child());
    REIN_TRY(rein_result_void, rein_i_cuda_refuse_pending());
    *out_system = rein_cuda_system_query();
    return out_system->condition == REIN_CUDA_READY ? rein_done()
                                                    : rein_result_void_fail(out_system->reason);
}
