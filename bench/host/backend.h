/* Declarations shared by both files about backend calls. */
#ifndef REIN_BENCH_BACKEND_H
#define REIN_BENCH_BACKEND_H

#include "contract/backend.h"

#define BACKEND_TABLE          "backend: a call"
#define BACKEND_CASE_IS_LOADED "is_loaded"
#define BACKEND_CASE_EXECUTE   "execute, no tensors"
#define BACKEND_TENSORS_TABLE  "backend: an execution that checks its tensors"

enum { BACKEND_BATCH = 1000 };

/* Adds the executions with tensors. `bound` provides the unused slots. */
void bench_add_backend_tensors(const rein_backend *bound);

#endif
