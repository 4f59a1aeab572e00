/* The interface that an inference engine implements once, and the calls through it.
 *
 * A backend serves one model at a time: load, any number of executions, unload. It is a table of
 * functions, static and the same for all instances, and a `self`. rein_backend_bind checks the
 * table once. The rein_backend_* calls check their arguments and call the slot.
 *
 * Rules for every slot
 *  - Errors are returned, never thrown or printed. An engine's own failure is BackendError, with
 * its text as the error's foreign text. After a failure the outputs and the state are as before the
 * call; the bytes behind output tensors alone are then unspecified.
 *  - Texts and arrays passed in are borrowed for the call. What a slot hands out is borrowed by the
 * caller and stays valid until the next load, unload or destroy, or the next call of that slot with
 * another path.
 *  - Threads: `capabilities` and `is_loaded` may be called at any time by any thread. `execute` may
 * be called by several threads at once; a backend whose engine cannot do that serialises inside.
 * All other slots are called by one thread at a time, and not while `execute` runs. */
#ifndef REIN_CONTRACT_BACKEND_H
#define REIN_CONTRACT_BACKEND_H

#include "contract/api.h"
#include "contract/execution.h"
#include "contract/lifetime.h"

/* A CUDA stream (cudaStream_t), passed through without being looked at. */
struct CUstream_st;

REIN_API_BEGIN

/* What an engine can do; constant for the life of a backend. */
typedef struct rein_backend_capabilities {
    char backend_name[REIN_NAME_MAX_BYTES + 1]; /* the rules of a model id */
    uint32_t max_batch_size;                    /* at least 1 */
    rein_dtype_set supported_dtypes; /* element types of tensors that it takes and gives */
    bool requires_pinned_memory;     /* input and output data must be page-locked host memory */
    bool supports_async_execution;   /* executions of several threads overlap on the device */
} rein_backend_capabilities;

/* What a model will take of device memory, known before it is loaded. */
typedef struct rein_memory_estimate {
    uint64_t weights_bytes; /* held from load to unload */
    /* The most that one execution holds at a time, workspaces included. */
    uint64_t activation_bytes;
} rein_memory_estimate;

/* The lifetimes that a backend hands out. The backend owns the array: see the top of this file for
 * how long it stays. */
typedef struct rein_lifetime_view {
    const rein_tensor_lifetime *lifetimes; /* borrowed; may be NULL if the count is 0 */
    size_t count;                          /* elements of the array */
} rein_lifetime_view;

/* The specs that a backend hands out, on the same terms. */
typedef struct rein_tensor_spec_view {
    const rein_tensor_spec *specs; /* borrowed; may be NULL if the count is 0 */
    size_t count;                  /* elements of the array */
} rein_tensor_spec_view;

REIN_RESULT_DEFINE(rein_result_memory_estimate, rein_memory_estimate)
REIN_RESULT_DEFINE(rein_result_lifetime_view, rein_lifetime_view)
REIN_RESULT_DEFINE(rein_result_tensor_spec_view, rein_tensor_spec_view)

/* The functions of a backend. Every slot is required but `warmup`. */
typedef struct rein_backend_interface {
    size_t struct_size; /* sizeof(rein_backend_interface) where the table was compiled */

    /* Reads the model and takes what it needs. Errors: NotFound if the path names nothing;
     * InvalidState if a model is loaded; OutOfMemory, BackendError. */
    rein_result_void (*load)(void *self, const char *model_path);

    /* Gives back all that load took. Errors: InvalidState if no model is loaded. */
    rein_result_void (*unload)(void *self);

    /* Runs the model once and returns when the outputs are written, also where the engine works
     * asynchronously. `out_result` brings the output tensors (see execution.h); its other
     * fields are written on success only. Errors: InvalidState if no model is loaded;
     * InvalidArgument if the tensors are not those of input_specs and output_specs;
     * DeadlineMissed only if the backend gave up on a late request: one that finishes late
     * succeeds with deadline_met false. */
    rein_result_void (*execute)(void *self, const rein_execution_request *request,
                                rein_execution_result *out_result);

    /* Cannot fail, needs no loaded model. */
    rein_backend_capabilities (*capabilities)(void *self);

    /* Whether a model is loaded now. */
    bool (*is_loaded)(void *self);

    /* Unloads if need be and frees `self`. Not called while any other slot runs. */
    void (*destroy)(void *self);

    /* Static analysis, asked at admission time: before load, without touching the device, of the
     * model at `model_path`, whether that one, another or none is loaded. Errors: NotFound,
     * BackendError, Unsupported if the engine cannot know. */
    rein_result_memory_estimate (*estimate_memory)(void *self, const char *model_path);

    /* When which tensor is alive, so that the peak can be planned; instants are positions in the
     * order of execution. Errors: as above. */
    rein_result_lifetime_view (*estimate_lifetimes)(void *self, const char *model_path);

    /* What the model takes, in the order of an execution's input tensors. Errors: as above. */
    rein_result_tensor_spec_view (*input_specs)(void *self, const char *model_path);

    /* What it gives, in the order of an execution's output tensors. Errors: as above. */
    rein_result_tensor_spec_view (*output_specs)(void *self, const char *model_path);

    /* Optional; NULL if there is nothing to do. Runs the loaded model once for its side effects
     * (lazy kernels, caches), on `stream`, which may be NULL for the default stream and is not
     * kept. Errors: InvalidState if no model is loaded. */
    rein_result_void (*warmup)(void *self, struct CUstream_st *stream);
} rein_backend_interface;

/* A bound backend, made by rein_backend_bind. A plain value; copies refer to the same backend. A
 * zeroed one is not bound: calls through it are refused. */
typedef struct rein_backend {
    const rein_backend_interface *table; /* borrowed: checked, and outlives the backend */
    void *self;                          /* owned: rein_backend_destroy frees it */
} rein_backend;

REIN_RESULT_DEFINE(rein_result_backend, rein_backend)

/* Checks that every required slot of `table` is there. The table is borrowed: it outlives the
 * backend, as a static one does. A table of a smaller `struct_size` was compiled against an older
 * header: slots after its end are absent. `self` may be NULL if the slots accept that. Errors:
 * InvalidArgument if `table` is NULL, a required slot is absent (named in the message), the size is
 * larger than this library knows, or it ends inside a slot. */
REIN_MUST_USE rein_result_backend rein_backend_bind(const rein_backend_interface *table,
                                                    void *self);

/* For backends, to call first in execute: whether the tensors of both sides are, in number and in
 * order, those of the specs. The request and the result have passed their validation, which the
 * calls below see to. Errors: InvalidArgument if the request, the result or an array with a count
 * above zero is NULL; with the side and the counts; or with the side, the index of the first tensor
 * that differs, and the name of its spec. */
REIN_MUST_USE rein_result_void rein_backend_check_tensors(const rein_execution_request *request,
                                                          const rein_execution_result *result,
                                                          rein_tensor_spec_view input_specs,
                                                          rein_tensor_spec_view output_specs);

/* Checks its own arguments and hands on what the slot of its name answers. Errors besides the
 * slot's: InvalidArgument, and the slot is not called, where the backend is NULL or not bound, the
 * path is NULL or empty, or the request or result does not pass its validation (execution.h). */
REIN_MUST_USE rein_result_void rein_backend_load(const rein_backend *backend,
                                                 const char *model_path);
REIN_MUST_USE rein_result_void rein_backend_unload(const rein_backend *backend);
REIN_MUST_USE rein_result_void rein_backend_execute(const rein_backend *backend,
                                                    const rein_execution_request *request,
                                                    rein_execution_result *out_result);
REIN_MUST_USE rein_result_memory_estimate rein_backend_estimate_memory(const rein_backend *backend,
                                                                       const char *model_path);
REIN_MUST_USE rein_result_lifetime_view rein_backend_estimate_lifetimes(const rein_backend *backend,
                                                                        const char *model_path);
REIN_MUST_USE rein_result_tensor_spec_view rein_backend_input_specs(const rein_backend *backend,
                                                                    const char *model_path);
REIN_MUST_USE rein_result_tensor_spec_view rein_backend_output_specs(const rein_backend *backend,
                                                                     const char *model_path);
REIN_MUST_USE rein_result_void rein_backend_warmup(const rein_backend *backend,
                                                   struct CUstream_st *stream);

/* Returns what the slot says, which cannot fail. If the backend is NULL or not bound (destroyed,
 * zeroed), every member is zero: the name is empty, no element type is supported, and
 * `max_batch_size` is 0, which no bound backend returns. */
rein_backend_capabilities rein_backend_get_capabilities(const rein_backend *backend);

/* Returns whether a model is loaded now; false if the backend is NULL or not bound. */
bool rein_backend_is_loaded(const rein_backend *backend);

/* Destroys the backend and zeroes the binding, so that further calls through it are refused; does
 * nothing if the backend is NULL or not bound. Copies of the binding must not be used afterwards.
 */
void rein_backend_destroy(rein_backend *backend);

REIN_API_END

#endif
