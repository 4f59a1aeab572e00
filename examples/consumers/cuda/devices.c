/* Says whether CUDA can be used, and on how many devices. */
#include <inttypes.h>
#include <stdio.h>

#include "cuda/probe.h"

int main(void) {
    rein_cuda_system system = rein_cuda_system_query();
    printf("CUDA: %s, devices: %" PRIu32 "\n", rein_cuda_condition_name(system.condition),
           system.device_count);
    return 0;
}
