/* A minimal backend for models of dynamic shape. A model multiplies a row of values by a factor and
 * keeps the products above a threshold. */
#ifndef REIN_EXAMPLES_SCALER_BACKEND_H
#define REIN_EXAMPLES_SCALER_BACKEND_H

#include "contract/backend.h"

/* Returns a backend without a model. Copies `clock`, whose `self` must outlive the backend. Errors:
 * OutOfMemory. */
REIN_MUST_USE rein_result_backend scaler_backend_create(const rein_clock *clock);

#endif
