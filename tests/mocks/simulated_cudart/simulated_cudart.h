/* A simulated CUDA runtime, linked instead of cudart and compiled against its real header.
 *
 * It implements the functions that the CUDA module and its tests call: devices, per-thread current
 * device and last error, contexts and their memory, memory pools with granularity, growth and
 * high-water marks, streams and events on a virtual clock, graph capture as far as it forbids
 * calls, sticky errors, other tenants, a count of live handles, a log of calls, and one scripted
 * fault: call number k of a run fails with a code, without effect.
 *
 * Time passes only by simulated_cudart_advance and by waiting calls, which move it to the end of
 * what they wait for. Any thread may call any function; the control functions are for one thread
 * while no other uses the runtime. */
#ifndef SIMULATED_CUDART_H
#define SIMULATED_CUDART_H

#include <cuda_runtime_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/device.h"

enum { SIMULATED_DEVICE_MAX_COUNT = 4 };

/* What the driver does with a pool's maxSize: no document says. */
typedef enum simulated_cap_rule {
    SIMULATED_CAP_BINDS = 0, /* on what is reserved; the last growth is cut to fit */
    SIMULATED_CAP_ROUNDS_UP, /* the same, at the next multiple of the growth: docs/hardware */
    SIMULATED_CAP_IS_IGNORED,
} simulated_cap_rule;

/* A device. Total memory, granularity, compute capability, multiprocessors, priorities, pools and
 * integration must be known in its profile: see simulated_device_of. */
typedef struct simulated_device {
    rein_device_profile profile;
    uint64_t context_bytes;
    uint64_t pool_growth_bytes;
    uint64_t malloc_granularity_bytes; /* 0: cudaMalloc takes nothing that shows */
    bool do_addresses_fall;            /* from one allocation to the next */
    simulated_cap_rule cap_rule;
    enum cudaComputeMode compute_mode; /* told, not enforced: there is one process */
    int pci_bus;
} simulated_device;

/* 8 GiB, 512-byte pool charges, 32 MiB growth, 2 MiB cudaMalloc blocks, 300 MiB context. */
simulated_device simulated_device_default(void);

/* A device as a profile describes it; what the profile does not know is as in the default. */
simulated_device simulated_device_of(const rein_device_profile *profile);

/* A runtime in its first state, with these devices; forgets everything before. `driver_version` 0:
 * no driver; below CUDART_VERSION: too old. */
void simulated_cudart_reset(const simulated_device *devices, int count, int driver_version);

/* A handle of a kind that a test may leak. */
typedef struct simulated_handles {
    size_t streams;
    size_t events;
    size_t pools;
    size_t allocations;
} simulated_handles;

/* Handles on devices that are not lost. */
simulated_handles simulated_cudart_handles(void);

/* Calls of functions that return a cudaError_t, since the reset or the last fault was set. */
uint64_t simulated_cudart_call_count(void);

/* The name of call number `number`, from 1, or NULL; the last 4096 are kept. */
const char *simulated_cudart_call_name(uint64_t number);

/* Call number `number` from now fails with `code`, without effect; a code that tells that the
 * device is lost leaves it lost. 0: none. Starts the count of calls anew. */
void simulated_cudart_fail_call(uint64_t number, cudaError_t code);

/* The next call of each of these functions, at most 4, fails with `code`, without effect; replaces
 * what was set before. */
void simulated_cudart_fail_functions(const char *const *names, size_t count, cudaError_t code);
void simulated_cudart_fail_function(const char *name, cudaError_t code);

/* When this function is called next, `meanwhile` runs before it does anything: what another thread
 * may do at that moment. */
void simulated_cudart_meanwhile(const char *name, void (*meanwhile)(void));

/* The device's context dies with `code`, as after a faulty kernel. */
void simulated_cudart_lose_device(int device, cudaError_t code);

/* Other processes hold `bytes` of the device from now on. */
void simulated_cudart_set_tenant(int device, uint64_t bytes);

/* The environment's answer to a count of devices: cudaSuccess, or why there are none. */
void simulated_cudart_set_initialisation(cudaError_t code);

/* The next allocation lies by so much farther from the one before it. */
void simulated_cudart_skip_addresses(uint64_t bytes);

void simulated_cudart_advance(uint64_t ns);
uint64_t simulated_cudart_now_ns(void);

/* Work of this length at the end of the stream. */
void simulated_cudart_submit_work(cudaStream_t stream, uint64_t ns);

void simulated_cudart_set_capturing(cudaStream_t stream, bool is_capturing);

/* What cudaEventElapsedTime answers next, whatever the events say. */
void simulated_cudart_set_next_span(float ms);

bool simulated_cudart_has_context(int device);
uint64_t simulated_cudart_free_bytes(int device);

#endif
