/* Reads a live device into a device profile.
 *
 * There are two tiers. The context-free tier uses no device memory; it reads names, totals and
 * capabilities. The exact tier creates the process's context on the device if there is none yet.
 * The context uses device memory (some hundred MiB) until the process ends. The exact tier also
 * reads free memory, the range of stream priorities and the observed granularity, and reports its
 * own cost.
 *
 * A report is a plain value. Keep it: reading a device is slow if many processes do it at once, and
 * this module caches nothing. rein_cuda_probe_refresh reads only the values that change.
 *
 * Threads: any function at any time. No call changes the calling thread's current device. If that
 * device is not the probed one, CUDA creates a context on it too.
 *
 * Fork: a child of a process that used CUDA is refused with DeviceUnavailable, without a CUDA call.
 * It can read a report that it already has. See cuda/error.h. */
#ifndef REIN_CUDA_PROBE_H
#define REIN_CUDA_PROBE_H

#include "contract/api.h"
#include "contract/clock.h"
#include "contract/device.h"
#include "cuda/error.h"

REIN_API_BEGIN

/* The state of CUDA, before any device is read. */
typedef struct rein_cuda_system {
    rein_cuda_condition condition; /* ready: devices can be read */
    uint32_t device_count;         /* 0 unless ready */
    uint64_t runtime_version;      /* in CUDA's encoding: 13000 is 13.0; 0: unknown */
    uint64_t driver_version;       /* 0: no driver, or CUDA was not called (forked child) */
    rein_error reason;             /* unless ready: the error that every other call would return */
} rein_cuda_system;

/* Returns the state of CUDA. Never fails: a missing driver and a forked child are results. Creates
 * no context. Proceeds if a CUDA error is pending, like a release: see cuda/error.h. */
rein_cuda_system rein_cuda_system_query(void);

REIN_RESULT_DEFINE(rein_result_cuda_device, int32_t)

/* Returns the index of the device that `text` names: an index ("0"), a full UUID ("GPU-..." or
 * "MIG-...") or a PCI id ("0000:65:00.0"). Creates no context. Errors: InvalidArgument if the text
 * is none of these; NotFound if no such device is visible; InvalidState if a CUDA error is pending;
 * DeviceUnavailable. */
REIN_MUST_USE rein_result_cuda_device rein_cuda_find_device(const char *text);

/* How much a probe reads, and at what cost: see the top of this file. Values are stable. */
typedef enum rein_cuda_probe_tier {
    /* No priorities, no granularity; free memory only of a device that shares the system's. */
    REIN_CUDA_PROBE_CONTEXT_FREE = 1,
    /* Creates a context if there is none. */
    REIN_CUDA_PROBE_EXACT = 2
} rein_cuda_probe_tier;

/* Size of a PCI id, including the terminating NUL. */
enum { REIN_CUDA_PCI_ID_CAPACITY = 32 };

/* The facts that a probe read from a device. */
typedef struct rein_cuda_report {
    rein_device_profile profile;            /* facts that the tier does not read are unknown */
    int32_t device;                         /* index among the visible devices, from 0 */
    rein_cuda_probe_tier tier;              /* as requested */
    char pci_id[REIN_CUDA_PCI_ID_CAPACITY]; /* empty if unknown */

    /* Exact tier only: device memory that the probe took and keeps, which is the context. 0 if
     * there already was one; unknown without NVML. */
    rein_fact_u64 cost_bytes;

    rein_duration elapsed; /* duration of the probe, including the creation of a context */
} rein_cuda_report;

REIN_RESULT_DEFINE(rein_result_cuda_report, rein_cuda_report)

/* Reads device number `device`. The profile's context overhead is known if this probe created the
 * context and NVML answered before and after. Memory that other processes allocate or free
 * meanwhile is counted as the context's, unless NVML lists this process: the listed figure is then
 * used if the two differ. It was 1 % below the drop in free memory (docs/hardware). `free_bytes`
 * counts the context as used. On a device that shares the system's memory, free memory is the
 * memory that the system can make available. If an MPS limit is set for this process, `total_bytes`
 * is unknown in the context-free tier. In the exact tier it is the device's, and `free_bytes` is
 * what the limit leaves. Errors:
 *  - InvalidArgument if the tier is not valid;
 *  - NotFound; DeviceUnavailable; DeviceLost; InvalidState if a CUDA error is pending;
 *  - OutOfMemory if the context does not fit, or if forks cannot be watched (cuda/error.h). */
REIN_MUST_USE rein_result_cuda_report rein_cuda_probe(int32_t device, rein_cuda_probe_tier tier);

/* Reads free and total memory again, and updates the time of the recording. Errors: as
 * rein_cuda_probe; InvalidArgument if the report is not of the exact tier. After an error the
 * report is unchanged. */
REIN_MUST_USE rein_result_void rein_cuda_probe_refresh(rein_cuda_report *report);

REIN_API_END

#endif
