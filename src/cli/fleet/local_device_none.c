#include "cli/fleet/local_device.h"

static const char no_runtime[] = "this rein is built without a GPU runtime and cannot use GPUs";

bool find_local_device(arena *memory, const char *name, int32_t *out_index,
                       const char **out_reason) {
    (void)memory, (void)name, (void)out_index;
    *out_reason = no_runtime;
    return false;
}

bool count_local_devices(arena *memory, int32_t *out_count, const char **out_reason) {
    (void)memory, (void)out_count;
    *out_reason = no_runtime;
    return false;
}

bool read_local_device(arena *memory, int32_t index, bool is_exact, local_device *out_device,
                       const char **out_reason) {
    (void)memory, (void)index, (void)is_exact, (void)out_device;
    *out_reason = no_runtime;
    return false;
}

bool read_local_profile(arena *memory, const char *name, rein_device_profile *out_profile,
                        const char **out_reason) {
    (void)memory, (void)name, (void)out_profile;
    *out_reason = no_runtime;
    return false;
}
