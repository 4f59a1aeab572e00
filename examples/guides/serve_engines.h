/* The engines of serve.c: mocks that stand for a detector and for an assistant, a language model.
 * A server has its own backends in their place. */
#ifndef REIN_EXAMPLES_SERVE_ENGINES_H
#define REIN_EXAMPLES_SERVE_ENGINES_H

#include "contract/backend.h"

/* Returns the clock of both engines; a server has rein_clock_system(). */
const rein_clock *engine_clock(void);

/* Return a backend without a model. The detector knows the lifetimes of its tensors, and the
 * assistant what one execution and one sequence need. Errors: OutOfMemory. */
rein_result_backend detector_create(void);
rein_result_backend assistant_create(void);

#endif
