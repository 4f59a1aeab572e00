/* Device profiles as files: YAML or JSON, read as strictly as manifests.
 *
 *     schema: 1
 *     name: Example GPU
 *     source: documented          # recorded, documented, synthetic or probed
 *     note: the document, tool or host that it was taken from
 *     total: 8GiB
 *     context_overhead: 300MiB
 *     granularity: 512B
 *     pool_growth: 32MiB
 *
 * What is left out is unknown. Also read: uuid, free, compute_capability, multiprocessors,
 * connections, stream_priorities {least, greatest}, memory_pools, integrated, driver, runtime,
 * recorded_at. */
#ifndef REIN_CLI_READ_PROFILE_H
#define REIN_CLI_READ_PROFILE_H

#include "cli/base/diagnostics.h"
#include "cli/read/input_file.h"
#include "contract/device.h"

/* Reads the profile at `path`; reports what is wrong and returns false. */
bool profile_file_read(diagnostics *sink, const char *path, rein_device_profile *out_profile);

/* The same for a text that is already in memory. */
bool profile_file_read_text(diagnostics *sink, const input_file *file,
                            rein_device_profile *out_profile);

#endif
