/* Memory that the system can make available, for a device that shares it. */
#ifndef REIN_CUDA_FREE_MEMORY_H
#define REIN_CUDA_FREE_MEMORY_H

#include "contract/device.h"

/* Returns MemAvailable of /proc/meminfo, in bytes. */
rein_fact_u64 rein_i_system_available_bytes(void);

#endif
