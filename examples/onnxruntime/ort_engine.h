/* The engine: the library of ONNX Runtime, its environment, and the allocator of its tensors. */
#ifndef REIN_EXAMPLES_ORT_ENGINE_H
#define REIN_EXAMPLES_ORT_ENGINE_H

#include <contract/contract.h>

#include "ort_allocator.h"

/* Any number of threads may use one. It outlives everything that is made with it. */
typedef struct ort_engine {
    void *library;
    const ort_api *api;
    ort_env *env;
    ort_memory_info *host_memory;
    ort_counting_allocator allocator;
    bool is_registered; /* the environment has the allocator */
    /* The allocator holds the weights, too. Known of release 1.20; release 1.30 was seen to keep
     * most of them elsewhere. */
    bool counts_weights;
} ort_engine;

REIN_RESULT_DEFINE(ort_result_engine, ort_engine *)

/* Returns an engine of the library at `library_path` (libonnxruntime.so). The environment of a
 * library is shared by its whole process, and takes one allocator: make one engine at a time.
 * Errors: NotFound if there is no such file; Unsupported if it is not a library of ONNX Runtime for
 * this machine, or older than 1.8; OutOfMemory; BackendError. */
REIN_MUST_USE ort_result_engine ort_engine_create(const char *library_path);

/* NULL is allowed. The library stays in memory. */
void ort_engine_destroy(ort_engine *engine);

/* Returns success, or the engine's failure as an error: NotFound if it did not find a file, else
 * BackendError. Releases the status. */
REIN_MUST_USE rein_result_void ort_check(const ort_api *api, ort_status *status,
                                         rein_source_location where);

/* Returns the error of memory that could not be allocated. */
rein_error ort_out_of_memory(rein_source_location where);

#endif
