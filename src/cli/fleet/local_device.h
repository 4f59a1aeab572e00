/* The devices of this machine, for `--device auto`, `--device N`, `--device UUID` and `rein probe`.
 * local_device_cuda.c implements it, or local_device_none.c if the CUDA module is not built.
 *
 * Functions that fail return false and set a reason, which lives as long as `memory`. */
#ifndef REIN_CLI_FLEET_LOCAL_DEVICE_H
#define REIN_CLI_FLEET_LOCAL_DEVICE_H

#include <stdbool.h>

#include "cli/base/arena.h"
#include "contract/clock.h"
#include "contract/device.h"

/* A device and the cost of reading it. */
typedef struct local_device {
    int32_t index;
    const char *reason; /* why nothing else is known; NULL if it was read */
    const char *pci_id; /* "": unknown */
    rein_device_profile profile;
    rein_fact_u64 cost_bytes;
    rein_duration elapsed;
} local_device;

/* Finds the device of a name (is_local_device_name). "auto" is the first device. */
bool find_local_device(arena *memory, const char *name, int32_t *out_index,
                       const char **out_reason);

bool count_local_devices(arena *memory, int32_t *out_count, const char **out_reason);

/* Reads a device. If `is_exact`, includes free memory, at the cost of a context. Otherwise does not
 * use its memory. */
bool read_local_device(arena *memory, int32_t index, bool is_exact, local_device *out_device,
                       const char **out_reason);

typedef bool local_profile_reader(arena *memory, const char *name, rein_device_profile *out_profile,
                                  const char **out_reason);

/* Reads the profile for checking models that run after this command has ended. */
local_profile_reader read_local_profile;

/* As read_local_profile, in a child process that ends at once, so that no context stays in this
 * process. This process must not have used the devices before. */
local_profile_reader read_local_profile_apart;

#endif
