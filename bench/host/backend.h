/* What both files about backend calls share. */
#ifndef REIN_BENCH_BACKEND_H
#define REIN_BENCH_BACKEND_H

#include "contract/backend.h"

#define BACKEND_TABLE          "backend: a call"
#define BACKEND_CASE_IS_LOADED "is_loaded"
#define BACKEND_CASE_EXECUTE   "execute, no tensors"
#define BACKEND_CASE_TWO       "execute and check, 1 + 1 tensors"
#define BACKEND_CASE_MANY      "execute and check, 64 + 64 tensors"

enum { BACKEND_BATCH = 1000 };

/* Adds the executions with tensors; `bound` gives the slots that they do not use. */
void bench_add_backend_tensors(const rein_backend *bound);

#endif
