/* The device of this machine: what `--device auto` stands for. */
#ifndef REIN_CLI_LOCAL_DEVICE_H
#define REIN_CLI_LOCAL_DEVICE_H

#include <stdbool.h>

#include "contract/device.h"

/* Reads the device's profile; where there is none to be read, sets why and returns false. The
 * reason has static storage. */
bool find_local_device(rein_device_profile *out_profile, const char **out_reason);

#endif
