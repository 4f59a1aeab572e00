/* Device profiles as files: YAML or JSON, parsed as strictly as manifests.
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
 * Omitted keys are unknown. The other keys are uuid, free, compute_capability, multiprocessors,
 * connections, stream_priorities {least, greatest}, memory_pools, integrated, driver, runtime and
 * recorded_at. */
#ifndef REIN_CLI_READ_PROFILE_H
#define REIN_CLI_READ_PROFILE_H

#include "cli/base/diagnostics.h"
#include "cli/read/input_file.h"
#include "contract/device.h"

/* Reads the profile at `path`. Reports errors and returns false. */
bool profile_file_read(diagnostics *sink, const char *path, rein_device_profile *out_profile);

/* As profile_file_read, for a text in memory. */
bool profile_file_read_text(diagnostics *sink, const input_file *file,
                            rein_device_profile *out_profile);

#endif
