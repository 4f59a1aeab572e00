/* What the conformance suite is linked to: the simulated runtime or the real one. */
#ifndef RUNTIME_UNDER_TEST_H
#define RUNTIME_UNDER_TEST_H

#include <cuda_runtime_api.h>
#include <stdbool.h>

extern const char runtime_name[];

/* A device 0 to work on; false where there is none. */
bool runtime_prepare(void);

#endif
