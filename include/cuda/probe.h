/* A live device read into a device profile.
 *
 * Two tiers. The context-free one costs no device memory: names, totals, what the device can do.
 * The exact one creates the process's context on the device, if there is none yet, and so costs
 * device memory (some hundred MiB) until the process ends; it reads free memory, the range of
 * stream priorities and the granularity as observed, and says what it cost.
 *
 * A report is a plain value. Keep it: reading a device is slow where many processes do it, and
 * nothing here remembers. rein_cuda_probe_refresh reads again only what changes.
 *
 * Threads: any function at any time. The calling thread's current device is as before after every
 * call; where it differs from the device asked for, CUDA creates a context on the current one too.
 *
 * Fork: a child of a process that used CUDA is refused with DeviceUnavailable, without a CUDA call.
 * A report is a plain value and can be read there. See cuda/error.h. */
#ifndef REIN_CUDA_PROBE_H
#define REIN_CUDA_PROBE_H

#include "contract/api.h"
#include "contract/clock.h"
#include "contract/device.h"
#include "cuda/error.h"

REIN_API_BEGIN

/* What can be said of CUDA before any device is asked. */
typedef struct rein_cuda_system {
    rein_cuda_condition condition; /* ready: devices can be asked */
    uint32_t device_count;         /* 0 unless ready */
    uint64_t runtime_version;      /* as CUDA counts: 13000 is 13.0; 0: it does not say */
    uint64_t driver_version;       /* 0: there is none, or CUDA was not asked (forked child) */
    rein_error reason;             /* unless ready: the error that every other call would return */
} rein_cuda_system;

/* Cannot fail: that there is no driver is an answer, as is a forked child. Creates no context. Goes
 * on where a CUDA error is pending, as what releases does: see cuda/error.h. */
rein_cuda_system rein_cuda_system_query(void);

REIN_RESULT_DEFINE(rein_result_cuda_device, int32_t)

/* The index of the device that `text` names: an index ("0"), a UUID ("GPU-..." or "MIG-...", whole)
 * or a PCI id ("0000:65:00.0"). Creates no context. Errors: InvalidArgument if the text is none
 * of these; NotFound if no such device is visible; InvalidState if a CUDA error is pending;
 * DeviceUnavailable. */
REIN_MUST_USE rein_result_cuda_device rein_cuda_find_device(const char *text);

/* How much is read, at what cost: see the top of this file. Values are stable. */
typedef enum rein_cuda_probe_tier {
    REIN_CUDA_PROBE_CONTEXT_FREE = 1, /* no free memory, priorities or granularity; but the free
                                         memory of a device that shares the system's */
    REIN_CUDA_PROBE_EXACT = 2         /* creates a context where there is none */
} rein_cuda_probe_tier;

/* Room for a PCI id, with the terminating NUL. */
enum { REIN_CUDA_PCI_ID_CAPACITY = 32 };

/* What was read from a device. */
typedef struct rein_cuda_report {
    rein_device_profile profile;            /* what a tier does not read is unknown */
    int32_t device;                         /* its number among the visible ones, from 0 */
    rein_cuda_probe_tier tier;              /* as it was asked for */
    char pci_id[REIN_CUDA_PCI_ID_CAPACITY]; /* empty if unknown */

    /* Of the exact tier alone. */
    rein_fact_u64 cost_bytes; /* device memory that the probe took and keeps: the context;
                                 0 if there was one; unknown without NVML */

    rein_duration elapsed; /* that the probe took, a context's creation included */
} rein_cuda_report;

REIN_RESULT_DEFINE(rein_result_cuda_report, rein_cuda_report)

/* Reads device number `device`. The profile's context overhead is known if this probe created
 * the context and NVML could be asked before and after. What others take or give back meanwhile
 * passes for the context's, unless NVML lists this process: then it may be what is listed, which
 * was 1 % less than what the device lacked (docs/hardware). `free_bytes` counts the context as
 * used. On a device whose memory is the system's, free memory is what the system can make
 * available. Where an MPS limit is set for this process, `total_bytes` is unknown in the
 * context-free tier; in the exact one it is the device's, and `free_bytes` what the limit leaves.
 * Errors: InvalidArgument if the tier is none; NotFound; DeviceUnavailable; InvalidState if a
 * CUDA error is pending; DeviceLost; OutOfMemory if the context does not fit, or if
 * forks cannot be watched (see cuda/error.h). */
REIN_MUST_USE rein_result_cuda_report rein_cuda_probe(int32_t device, rein_cuda_probe_tier tier);

/* Reads free and total memory again, with the time. Errors: as rein_cuda_probe; InvalidArgument
 * if the report is not of the exact tier; the report is then unchanged. */
REIN_MUST_USE rein_result_void rein_cuda_probe_refresh(rein_cuda_report *report);

REIN_API_END

#endif
