/* What the system can make available where the device's memory is the system's. */
#ifndef REIN_CUDA_FREE_MEMORY_H
#define REIN_CUDA_FREE_MEMORY_H

#include "contract/device.h"

/* MemAvailable of /proc/meminfo, in bytes. */
rein_fact_u64 rein_i_system_available_bytes(void);

/* The same of the text of a meminfo file. */
rein_fact_u64 rein_i_parse_available_bytes(const char *meminfo);

#endif
