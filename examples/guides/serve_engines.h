/* The engines of serve.c: mocks of a detector and of an assistant, a language model. Replace them
 * by your backends. */
#ifndef REIN_EXAMPLES_SERVE_ENGINES_H
#define REIN_EXAMPLES_SERVE_ENGINES_H

#include "contract/backend.h"

/* Returns the clock of both engines. Your server uses rein_clock_system(). */
const rein_clock *engine_clock(void);

/* Return a backend without a model. The detector returns the lifetimes of its tensors. The
 * assistant estimates the activations of an execution and the state of a sequence. Errors:
 * OutOfMemory. */
rein_result_backend detector_create(void);
rein_result_backend assistant_create(void);

#endif
