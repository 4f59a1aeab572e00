/* Stateful models: sequences of executions that share state, such as the KV cache of a language
 * model. An optional part of a backend (backend.h).
 *
 * Tokens are the engine's unit of state: for a language model, the tokens of prompts and answers.
 * The number that an execution adds depends on the model. */
#ifndef REIN_CONTRACT_SEQUENCES_H
#define REIN_CONTRACT_SEQUENCES_H

#include "contract/api.h"
#include "contract/backend.h"

REIN_API_BEGIN

REIN_RESULT_DEFINE(rein_result_sequence_id, rein_sequence_id)

/* The slots of a backend whose models keep state. All are required.
 *
 *  - A request names its sequence. Executions of different sequences may run at once. The caller
 *    must run the executions of one sequence, and its close, one after another; submissions to one
 *    stream satisfy that. A backend that detects a violation returns InvalidState.
 *  - A request without a sequence starts from an empty state and keeps none.
 *  - execute returns NotFound if the request's sequence is not open. It returns BudgetExceeded if
 *    the sequence would exceed its `max_tokens`; the state is then as before.
 *  - A failed or cancelled execution leaves the state as before. If an engine cannot restore the
 *    state, every later execution in the sequence returns InvalidState, and the caller closes the
 *    sequence.
 *  - unload closes all sequences.
 *  - Any thread may call `open` and `close` while executions of other sequences run. */
typedef struct rein_sequences_interface {
    size_t struct_size; /* sizeof(rein_sequences_interface) where the table was compiled */

    /* Returns the bytes of the state of one sequence of at most `max_tokens` tokens, above 0, held
     * from `open` to `close`: a fact for the demand (demand.h). Static analysis, on the terms of
     * estimate_memory. Errors: NotFound; BackendError; Unsupported if the engine cannot know. */
    rein_result_bytes (*estimate_state)(void *self, const char *model_path, uint64_t max_tokens);

    /* Starts a sequence of at most `max_tokens` tokens, above 0, and takes the memory of its state,
     * so that no execution of it runs out of memory. The id is not 0, and was not used before by
     * this backend. Errors: InvalidState if no model is loaded; OutOfMemory; BudgetExceeded if the
     * engine cannot serve another sequence; Unsupported if it cannot serve one that long. */
    rein_result_sequence_id (*open)(void *self, uint64_t max_tokens);

    /* Ends a sequence and releases its state. Errors: NotFound if it is not open. */
    rein_result_void (*close)(void *self, rein_sequence_id sequence);
} rein_sequences_interface;

/* Checks the arguments and calls the slot of the same name. Errors besides the slot's:
 *  - InvalidArgument if the backend is NULL or not bound, the path is NULL or empty, or
 *    `max_tokens` or `sequence` is 0;
 *  - Unsupported if the backend has no sequences. */
REIN_MUST_USE rein_result_bytes rein_backend_estimate_state(const rein_backend *backend,
                                                            const char *model_path,
                                                            uint64_t max_tokens);
REIN_MUST_USE rein_result_sequence_id rein_backend_open_sequence(const rein_backend *backend,
                                                                 uint64_t max_tokens);
REIN_MUST_USE rein_result_void rein_backend_close_sequence(const rein_backend *backend,
                                                           rein_sequence_id sequence);

REIN_API_END

#endif
