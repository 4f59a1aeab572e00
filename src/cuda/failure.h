/* Converts CUDA codes to errors. Codes leave this module only through these functions. */
#ifndef REIN_CUDA_FAILURE_H
#define REIN_CUDA_FAILURE_H

#include <cuda_runtime_api.h>

#include "contract/result.h"
#include "cuda/error.h"
#include "host/base/messages.h"

/* After the name of a call, in a template for rein_i_cuda_failure. Number: the device. */
#define ON_DEVICE_FAILED " on device {u} failed: {text}"

/* Numbers: the device. */
#define OBSERVING_FAILED "observing the granularity of device {u} by an allocation failed: {text}"

#define REPORT_MUST_BE_EXACT "the report is context-free; it must be of the exact tier"

/* `message` is a template of rein_error_make that names the call and takes up to two numbers; its
 * {text} stands for CUDA's name and text of the code. If the code means that CUDA cannot be used at
 * all, message and numbers are those of the condition instead. */
rein_error rein_i_cuda_failure(cudaError_t code, rein_source_location where, const char *message,
                               uint64_t first, uint64_t second);

/* Returns done if `code` is cudaSuccess; otherwise fails with rein_i_cuda_failure of the same
 * arguments. */
rein_result_void rein_i_cuda_check(cudaError_t code, rein_source_location where,
                                   const char *message, uint64_t first, uint64_t second);

/* Returns an error with the given code and message, without translating the CUDA code. */
rein_error rein_i_cuda_error_make(rein_error_code error_code, cudaError_t code,
                                  rein_source_location where, const char *message);

/* Returns the error of a condition other than ready. `code` is the CUDA code that led to it. */
rein_error rein_i_cuda_condition_error(rein_cuda_condition condition, cudaError_t code,
                                       rein_source_location where);

#endif
