/* What the files of the probe share. */
#ifndef REIN_CUDA_PROBE_INTERNAL_H
#define REIN_CUDA_PROBE_INTERNAL_H

#include <cuda_runtime_api.h>

#include "cuda/probe.h"
#include "cuda/scope.h"

/* Errors: DeviceUnavailable unless CUDA can be used. */
rein_result_void rein_i_probe_require_ready(rein_cuda_system *out_system);

/* Name, UUID, totals; in a scope without a device. */
rein_result_void rein_i_probe_properties(rein_cuda_scope *scope, int32_t device,
                                         struct cudaDeviceProp *out_properties);

/* What needs the context, which is there afterwards. */
rein_result_void rein_i_probe_exact(rein_cuda_report *report);

/* The time of day, in whole seconds. */
rein_fact_i64 rein_i_probe_now(void);

#endif
