#include "cli/local_device.h"

bool find_local_device(rein_device_profile *out_profile, const char **out_reason) {
    (void)out_profile;
    *out_reason = "this rein is built without a GPU runtime, so it sees no GPU";
    return false;
}
