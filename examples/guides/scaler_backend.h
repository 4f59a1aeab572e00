/* A backend of the least kind: its models multiply four numbers by one. */
#ifndef REIN_EXAMPLES_SCALER_BACKEND_H
#define REIN_EXAMPLES_SCALER_BACKEND_H

#include "contract/backend.h"

/* The clock's functions are copied; its `self` outlives the backend. Errors: OutOfMemory. */
rein_result_backend scaler_backend_create(const rein_clock *clock);

#endif
