/* The sizes of the state of a model's sequences. */
#ifndef REIN_HOST_MODELS_MEMORY_STATE_H
#define REIN_HOST_MODELS_MEMORY_STATE_H

#include "host/models/memory_context.h"

/* Checks the rules of the engine about the options for this model. Errors: InvalidArgument with the
 * option. */
rein_result_void rein_i_memory_state_check(const memory_model *model,
                                           const rein_engine_options *options);

/* Writes the state and the context, and notes which of their facts are unknown. `options` are
 * resolved and checked. Errors: InvalidArgument if a size does not fit in 64 bits. */
rein_result_void rein_i_memory_state_tell(const memory_model *model,
                                          const rein_engine_options *options,
                                          rein_model_memory *memory);

#endif
