#include <stdio.h>

#include "cuda/probe.h"
#include "cuda/runtime_under_test.h"

const char runtime_name[] = "cudart";

bool runtime_prepare(void) {
    rein_cuda_system system = rein_cuda_system_query();
    if (system.condition == REIN_CUDA_READY) {
        return true;
    }
    char reason[256];
    rein_error_to_string(&system.reason, reason, sizeof reason);
    printf("skipped: %s\n", reason);
    return false;
}
