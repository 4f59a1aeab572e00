/* Functions shared by the source files of the probe. */
#ifndef REIN_CUDA_PROBE_INTERNAL_H
#define REIN_CUDA_PROBE_INTERNAL_H

#include <cuda_runtime_api.h>
#include <time.h>

#include "cuda/probe.h"
#include "cuda/scope.h"

/* Errors: DeviceUnavailable unless CUDA can be used. */
rein_result_void rein_i_probe_require_ready(rein_cuda_system *out_system);

/* Reads name, UUID and totals; in a scope without a device. */
rein_result_void rein_i_probe_properties(cuda_scope *scope, int32_t device,
                                         struct cudaDeviceProp *out_properties);

/* Reads the facts that need a context, and creates the context. */
rein_result_void rein_i_probe_exact(rein_cuda_report *report);

/* Returns the time of day, in whole seconds. */
static inline rein_fact_i64 probe_now(void) {
    return rein_fact_i64_known((int64_t)time(NULL));
}

#endif
