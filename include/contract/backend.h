/* The interface that an inference engine implements once, and the calls through it.
 *
 * A backend serves one model at a time: load, any number of executions, unload. It is a table of
 * functions, static and the same for all instances, and a `self`. rein_backend_bind checks the
 * table once. The rein_backend_* calls check their arguments and call the slot.
 *
 * Rules for every slot
 *  - Errors are returned, never thrown or printed. An engine's own failure is BackendError, with
 *    its text as the error's foreign text. After a failure the outputs and the state are as before
 *    the call; only the bytes behind output tensors are then unspecified.
 *  - Texts and arrays passed in are borrowed for the call.
 *  - A view that an analysis slot returns is borrowed by the caller. It stays valid, also after
 *    load and unload, until destroy or the next call of the same slot. If that call has the same
 *    arguments and the file is unchanged, the view stays valid after it too.
 *  - Threads: any thread may call `capabilities` and `is_loaded` at any time. Several threads may
 *    call `execute` at once; a backend whose engine cannot do that serialises inside. The analysis
 *    slots are called by one thread at a time, which may be while `execute` runs. The slots `load`,
 *    `unload`, `warmup` and `destroy` are called by one thread at a time, and not while another
 *    slot of this table runs. The optional parts state their own rules.
 *  - Fork: a child process does not use a backend that its parent created.
 *
 * Memory: the caller charges the budget's ledger: during load, the load peak; until unload, the
 * weights; around execute, the activations; while a sequence is open, its state. Only a backend
 * that was created with a ledger charges it by itself, and says so. */
#ifndef REIN_CONTRACT_BACKEND_H
#define REIN_CONTRACT_BACKEND_H

#include "contract/api.h"
#include "contract/demand.h"
#include "contract/execution.h"
#include "contract/lifetime.h"

/* The optional parts of a backend: contract/sequences.h, submission.h and buffers.h. */
struct rein_sequences_interface;
struct rein_submission_interface;
struct rein_buffers_interface;

REIN_API_BEGIN

/* The abilities of an engine; constant for the life of a backend. */
typedef struct rein_backend_capabilities {
    size_t struct_size; /* sizeof(rein_backend_capabilities) where the backend was compiled */
    char backend_name[REIN_NAME_MAX_BYTES + 1]; /* the rules of a model id */
    /* At least 1. A dimension of an input with the symbol "batch" has no larger extent. */
    uint32_t max_batch_size;
    rein_dtype_set supported_dtypes;   /* element types of inputs and outputs */
    rein_memory_kind_set memory_kinds; /* where the data of tensors may be */
    bool requires_pinned_memory;   /* host data must be page-locked: Host is not in memory_kinds */
    bool supports_async_execution; /* the backend has `submission` */
    bool supports_concurrent_execution; /* executions of several threads overlap */
} rein_backend_capabilities;

/* The shapes of the inputs that an analysis slot assumes. */
typedef struct rein_input_shapes {
    const rein_shape *shapes; /* one for each input, in the order of input_specs */
    size_t count;             /* the number of inputs */
} rein_input_shapes;

/* The lifetimes that a backend returns. */
typedef struct rein_lifetime_view {
    const rein_tensor_lifetime *lifetimes; /* borrowed; may be NULL if the count is 0 */
    size_t count;                          /* elements of the array */
} rein_lifetime_view;

/* The specs that a backend returns. */
typedef struct rein_tensor_spec_view {
    const rein_tensor_spec *specs; /* borrowed; may be NULL if the count is 0 */
    size_t count;                  /* elements of the array */
} rein_tensor_spec_view;

REIN_RESULT_DEFINE(rein_result_memory_estimate, rein_memory_estimate)
REIN_RESULT_DEFINE(rein_result_lifetime_view, rein_lifetime_view)
REIN_RESULT_DEFINE(rein_result_tensor_spec_view, rein_tensor_spec_view)

/* The slots of a backend. All are required except `warmup` and the optional parts. */
typedef struct rein_backend_interface {
    size_t struct_size; /* sizeof(rein_backend_interface) where the table was compiled */

    /* Reads the model and takes what it needs. Requests will refer to it by `model_id`, which is
     * borrowed for the call. Errors: NotFound if the path does not exist; InvalidState if a model
     * is loaded; OutOfMemory; BackendError, also for a file that is not a model. */
    rein_result_void (*load)(void *self, const char *model_path, const rein_model_id *model_id);

    /* Releases everything that load took. Errors: InvalidState if no model is loaded. */
    rein_result_void (*unload)(void *self);

    /* Runs the model once and returns when the outputs are written, even if the engine works
     * asynchronously. `out_result` holds the output tensors (see execution.h); its other members
     * are written on success only. Errors:
     *  - InvalidState if no model is loaded; the errors of rein_backend_check_execution;
     *  - BufferTooSmall, from rein_execution_result_set_shapes;
     *  - Cancelled if the request's flag was seen;
     *  - DeadlineMissed only if the backend gave up on a late request. A request that finishes late
     *    succeeds with deadline_met false;
     *  - OutOfMemory; BudgetExceeded if the backend enforces a budget; BackendError. */
    rein_result_void (*execute)(void *self, const rein_execution_request *request,
                                rein_execution_result *out_result);

    /* Returns static storage, or memory that lives as long as the backend. Needs no model. */
    const rein_backend_capabilities *(*capabilities)(void *self);

    /* Returns whether a model is loaded now. */
    bool (*is_loaded)(void *self);

    /* Unloads if a model is loaded, and frees `self`. Not called while another slot runs. */
    void (*destroy)(void *self);

    /* Returns what the model at `model_path` needs. Called at admission time: that model, another
     * one or none is loaded. Does not use the device. `shapes` is NULL for the largest shapes of
     * input_specs. A fact that the engine cannot know is unknown; so are the activations of a shape
     * that is unbounded, unless the backend enforces a limit. Errors: NotFound; BackendError;
     * InvalidArgument for shapes that input_specs does not allow; Unsupported if the engine does
     * not know any fact. */
    rein_result_memory_estimate (*estimate_memory)(void *self, const char *model_path,
                                                   const rein_input_shapes *shapes);

    /* Returns when each hidden tensor is alive, so that the peak can be planned; instants are
     * positions in the order of execution. Errors: as above; Unsupported if the engine cannot know
     * them, or if a largest shape is unbounded. */
    rein_result_lifetime_view (*estimate_lifetimes)(void *self, const char *model_path,
                                                    const rein_input_shapes *shapes);

    /* Returns the specs of the model's inputs, in the order of an execution's input tensors.
     * Errors: NotFound; BackendError. */
    rein_result_tensor_spec_view (*input_specs)(void *self, const char *model_path);

    /* Returns the specs of the model's outputs, in the order of an execution's output tensors. A
     * dimension that depends on the input or its values is a range. Errors: as above. */
    rein_result_tensor_spec_view (*output_specs)(void *self, const char *model_path);

    /* Optional; NULL if there is nothing to do. Runs the loaded model once for its side effects
     * (lazy kernels, caches), on `stream`, which may be NULL for the default stream and is not
     * kept. Errors: InvalidState if no model is loaded. */
    rein_result_void (*warmup)(void *self, struct CUstream_st *stream);

    /* Optional parts, each a static table that takes the same `self`; NULL if absent. */
    const struct rein_sequences_interface *sequences;   /* models with state */
    const struct rein_submission_interface *submission; /* asynchronous execution */
    const struct rein_buffers_interface *buffers;       /* memory that the engine allocates */
} rein_backend_interface;

/* A bound backend, made by rein_backend_bind. A plain value; copies refer to the same backend. A
 * zeroed one is not bound: calls through it are refused. */
typedef struct rein_backend {
    const rein_backend_interface *table; /* borrowed: checked, and outlives the backend */
    void *self;                          /* owned: rein_backend_destroy frees it */
} rein_backend;

REIN_RESULT_DEFINE(rein_result_backend, rein_backend)

/* Checks the table, its optional parts and the capabilities, once. The table is borrowed: it must
 * outlive the backend, as a static one does. If this fails, the caller keeps `self`. A table of a
 * smaller `struct_size` was compiled against an older header: slots after its end are absent.
 * `self` may be NULL if the slots accept that. Errors: InvalidArgument
 *  - if `table` is NULL, or a required slot is absent (the message names it);
 *  - if a struct_size is not known to this library;
 *  - if `capabilities` returns NULL or a max_batch_size of 0, or supports_async_execution
 *    contradicts `submission`. */
REIN_MUST_USE rein_result_backend rein_backend_bind(const rein_backend_interface *table,
                                                    void *self);

/* Checks that the request is for the loaded model and not cancelled, and that its tensors fit valid
 * specs. Backends call it first in execute. It compares number, order, name, element type, layout,
 * kind of memory and shape, and the size of each input with its capacity. A tensor that passes is
 * valid, but bytes after the text of its name, the alignment of its data and overlaps are not
 * checked. Errors: InvalidArgument with the side, the index and the spec's name; BufferTooSmall if
 * the capacity of an output is smaller than its smallest shape (see
 * rein_execution_result_set_shapes); Cancelled. Does not allocate. */
REIN_MUST_USE rein_result_void rein_backend_check_execution(const rein_execution_request *request,
                                                            const rein_execution_result *result,
                                                            const rein_model_id *loaded_model,
                                                            rein_tensor_spec_view input_specs,
                                                            rein_tensor_spec_view output_specs);

/* Finds the first dimension with this symbol among valid specs, and writes its spec and dimension.
 * Every output dimension with the symbol has the extent of the dimension found among the inputs.
 * Returns false, and writes nothing, if there is no such dimension, the symbol is empty or a
 * pointer is NULL. */
bool rein_tensor_spec_view_find(rein_tensor_spec_view specs, const char *symbol, size_t *out_index,
                                int32_t *out_dimension);

/* Checks that shapes, unless NULL, fit valid input specs, and that the size of each input fits in
 * 64 bits. Backends call it in the analysis slots. Errors: InvalidArgument with the index of the
 * input and the spec's name. */
REIN_MUST_USE rein_result_void rein_backend_check_shapes(const rein_input_shapes *shapes,
                                                         rein_tensor_spec_view input_specs);

/* Checks the arguments and calls the slot of the same name. A warmup that is absent succeeds. If an
 * argument is refused, the slot is not called. Errors besides the slot's:
 *  - InvalidArgument if the backend is NULL or not bound, the path is NULL or empty, or the id of
 *    the model is NULL or not valid;
 *  - InvalidArgument if the request or result is NULL or has a struct_size that this library does
 *    not know, or an array is NULL with a count above zero;
 *  - Unsupported if the request has a sequence and the backend has none. */
REIN_MUST_USE rein_result_void rein_backend_load(const rein_backend *backend,
                                                 const char *model_path,
                                                 const rein_model_id *model_id);
REIN_MUST_USE rein_result_void rein_backend_unload(const rein_backend *backend);
REIN_MUST_USE rein_result_void rein_backend_execute(const rein_backend *backend,
                                                    const rein_execution_request *request,
                                                    rein_execution_result *out_result);
REIN_MUST_USE rein_result_memory_estimate rein_backend_estimate_memory(
    const rein_backend *backend, const char *model_path, const rein_input_shapes *shapes);
REIN_MUST_USE rein_result_lifetime_view rein_backend_estimate_lifetimes(
    const rein_backend *backend, const char *model_path, const rein_input_shapes *shapes);
REIN_MUST_USE rein_result_tensor_spec_view rein_backend_input_specs(const rein_backend *backend,
                                                                    const char *model_path);
REIN_MUST_USE rein_result_tensor_spec_view rein_backend_output_specs(const rein_backend *backend,
                                                                     const char *model_path);
REIN_MUST_USE rein_result_void rein_backend_warmup(const rein_backend *backend,
                                                   struct CUstream_st *stream);

/* Returns what the slot returns. If the backend is NULL or not bound (destroyed, zeroed), all
 * members except struct_size are zero: `max_batch_size` is 0, which no bound backend returns. */
const rein_backend_capabilities *rein_backend_get_capabilities(const rein_backend *backend);

/* Returns whether a model is loaded now; false if the backend is NULL or not bound. */
bool rein_backend_is_loaded(const rein_backend *backend);

/* Destroys the backend and zeroes the binding, so that further calls through it are refused; does
 * nothing if the backend is NULL or not bound. Copies of the binding must not be used afterwards.
 */
void rein_backend_destroy(rein_backend *backend);

REIN_API_END

#endif
