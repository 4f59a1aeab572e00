/* The memory that an engine allocates for a GGUF model: weights, and the state of its sequences.
 *
 *     rein_model_memory_request request = rein_model_memory_request_make(
 *         &gguf, 1, rein_engine_options_make(REIN_ENGINE_LLAMA_SERVER));
 *     request.options.context = rein_fact_u64_known(8192);
 *     rein_model_memory memory = rein_model_memory_make();
 *     REIN_TRY(my_result, rein_model_memory_compute(&request, &memory));
 *
 * Each size is exact or unknown. If it is unknown, `unknowns` has the reason. Device sizes are
 * those of an engine that offloads to one CUDA device. The buffers of the engine's computations,
 * its activations, are always unknown: they depend on the device and on the operations that it has.
 * Speculative decoding, control vectors and images take more memory, which is not included. */
#ifndef REIN_MODELS_MEMORY_H
#define REIN_MODELS_MEMORY_H

#include "models/engine.h"
#include "models/gguf.h"

REIN_API_BEGIN

/* Capacities. */
enum {
    REIN_MEMORY_NAME_CAPACITY = 64,  /* bytes of a name, the terminating NUL included */
    REIN_MEMORY_INPUT_CAPACITY = 48, /* inputs of a model */
    REIN_MEMORY_UNKNOWN_CAPACITY = 8 /* unknown facts of a model */
};

/* A model and the options with which an engine runs it. */
typedef struct rein_model_memory_request {
    size_t struct_size; /* sizeof(rein_model_memory_request), as the caller has it */
    /* All parts of the model in order; borrowed. The first has the metadata. */
    const rein_gguf *parts;
    size_t part_count;           /* 1 if the model is not split */
    rein_engine_options options; /* of the engine that runs the model */
} rein_model_memory_request;

/* Returns a request. Borrows the parts. */
static inline rein_model_memory_request
rein_model_memory_request_make(const rein_gguf *parts, size_t part_count,
                               rein_engine_options options) {
    rein_model_memory_request request;
    memset(&request, 0, sizeof request);
    request.struct_size = sizeof request;
    request.parts = parts;
    request.part_count = part_count;
    request.options = options;
    return request;
}

/* The content of a file. Values are stable. */
typedef enum rein_model_kind {
    REIN_MODEL_KIND_MODEL = 1,     /* runs by itself */
    REIN_MODEL_KIND_PROJECTOR = 2, /* mmproj, an encoder of images or sound: weights only */
    REIN_MODEL_KIND_ADAPTER = 3    /* a LoRA: weights only */
} rein_model_kind;

/* Returns "model", "projector" or "adapter"; "unknown" for any other value. Static storage. */
const char *rein_model_kind_name(rein_model_kind kind);

/* The weights. */
typedef struct rein_model_weights {
    rein_fact_u64 file_bytes;   /* sum of the tensors of all parts; always known */
    rein_fact_u64 device_bytes; /* with the padding of the device */
    /* The rest, as the engine allocates it in host memory if it does not map the file. */
    rein_fact_u64 host_bytes;
} rein_model_weights;

/* The state of all sequences together. */
typedef struct rein_model_state {
    rein_fact_u64 kv_bytes;             /* caches of layers that keep the whole context */
    rein_fact_u64 sliding_window_bytes; /* caches of layers that keep a window of it */
    rein_fact_u64 recurrent_bytes;      /* of recurrent layers; the same for every context */
    rein_fact_u64 index_bytes;          /* caches of the index of sparse attention */
    rein_fact_u64 total_bytes;          /* sum of the four, without padding */
    rein_fact_u64 device_bytes;         /* the part on the device, with its padding */
    rein_fact_u64 host_bytes;           /* the part in host memory, with its padding */
    /* Bytes that one more token of context takes, in the layers that keep all of it. Sliding layers
     * count if swa_full is on. */
    rein_fact_u64 bytes_per_token;
} rein_model_state;

/* The context as the engine lays it out. All members are unknown or 0 if the model has no state, or
 * the formula of its architecture is unknown. */
typedef struct rein_model_context {
    rein_fact_u64 tokens;              /* of all sequences together, after rounding */
    rein_fact_u64 tokens_per_sequence; /* the most that one sequence may have */
    rein_fact_u64 cells;               /* of one stream of a layer that keeps the whole context */
    uint64_t streams;                  /* number of separate caches; 1 if unified */
    uint64_t sequence_count;           /* sequences at the same time */
} rein_model_context;

/* Facts that may be unknown. Values are stable. */
typedef enum rein_memory_fact {
    REIN_MEMORY_WEIGHTS_PLACE = 1, /* weights.device_bytes and host_bytes */
    REIN_MEMORY_STATE = 2,         /* all members of `state` that are unknown */
    REIN_MEMORY_CONTEXT = 3,       /* the context, and each state that depends on it */
    REIN_MEMORY_ACTIVATIONS = 4    /* the buffers of computations; always unknown */
} rein_memory_fact;

/* Returns "weights-place", "state", "context" or "activations"; "unknown" for any other value.
 * Static storage. */
const char *rein_memory_fact_name(rein_memory_fact fact);

/* A fact that is unknown. */
typedef struct rein_memory_unknown {
    rein_memory_fact fact;                 /* the fact that is unknown */
    const char *reason;                    /* static storage */
    char about[REIN_MEMORY_NAME_CAPACITY]; /* the architecture, tensor or option; may be empty */
} rein_memory_unknown;

/* Where the value of an input comes from. Values are stable. */
typedef enum rein_memory_origin {
    REIN_MEMORY_FROM_FILE = 1,    /* the metadata of the file */
    REIN_MEMORY_FROM_OPTION = 2,  /* stated by the caller */
    REIN_MEMORY_FROM_DEFAULT = 3, /* the engine's default for an option or key that is missing */
    REIN_MEMORY_FROM_ENGINE = 4   /* fixed in the engine for this architecture */
} rein_memory_origin;

/* Returns "file", "option", "default" or "engine"; "unknown" for any other value. Static storage.
 */
const char *rein_memory_origin_name(rein_memory_origin origin);

/* A value that the sizes were computed from. */
typedef struct rein_memory_input {
    /* The key of the metadata, or the member of rein_engine_options. */
    char name[REIN_MEMORY_NAME_CAPACITY];
    rein_memory_origin origin; /* where the value comes from */
    uint64_t count;            /* elements of an array; 1 if it is not an array */
    uint64_t value;            /* of an array, the largest element */
    const char *text;          /* the value as a word, in static storage; NULL if it is a number */
} rein_memory_input;

/* The memory of a model. */
typedef struct rein_model_memory {
    size_t struct_size;   /* sizeof(rein_model_memory), as the caller has it */
    rein_model_kind kind; /* of the first file */
    char architecture[REIN_MEMORY_NAME_CAPACITY]; /* may be cut; empty if the file has none */
    rein_model_weights weights;                   /* of all parts */
    rein_model_state state;                       /* of all sequences */
    rein_model_context context;                   /* of the sequences */
    rein_memory_unknown unknowns[REIN_MEMORY_UNKNOWN_CAPACITY]; /* each with its reason */
    size_t unknown_count;                                       /* elements of `unknowns` */
    rein_memory_input inputs[REIN_MEMORY_INPUT_CAPACITY];       /* options first, then keys */
    size_t input_count;                                         /* elements of `inputs` */
} rein_model_memory;

/* Returns a memory whose facts are all unknown. */
static inline rein_model_memory rein_model_memory_make(void) {
    rein_model_memory memory;
    memset(&memory, 0, sizeof memory);
    memory.struct_size = sizeof memory;
    return memory;
}

/* Writes the memory that the engine allocates into `out_memory`.
 *
 * The weights are known for every file. The state is unknown if the engine has no fixed formula for
 * the architecture, or this library does not know the formula. Projectors and adapters have no
 * state.
 *
 * Reads the metadata that the architecture uses. O(keys + tensors + blocks) steps. Errors, after
 * which `out_memory` is as before:
 *  - those of rein_engine_options_resolve, and of read_at;
 *  - InvalidArgument with the rule and the key, tensor or option, if
 *     - a pointer is NULL, part_count is 0, or a struct_size is not known to this library;
 *     - the parts are not all parts of one split model in order, or the sum of their tensors is not
 *       the count that the first part states;
 *     - the engine refuses the file: a key that it needs is missing, or a value or an array has a
 *       type or length that it does not accept;
 *     - the tensors contradict the metadata: there are more or fewer blocks than the block count,
 *       or a projection has not the width of its heads;
 *     - each expert has tensors of its own, which the engine no longer reads;
 *     - the blocks of a quantised type do not divide the size of a head of the model;
 *     - K and V of latent attention (MLA) have different types;
 *     - a size does not fit in 64 bits. */
REIN_MUST_USE rein_result_void rein_model_memory_compute(const rein_model_memory_request *request,
                                                         rein_model_memory *out_memory);

REIN_API_END

#endif
