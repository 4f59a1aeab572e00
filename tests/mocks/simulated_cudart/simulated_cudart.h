/* A simulated CUDA runtime, linked instead of cudart and compiled against its real header. It
 * implements the functions that the CUDA module and its tests call:
 *
 * - devices, contexts and their memory, other tenants; current device and last error per thread
 * - memory pools with granularity, growth and high-water marks
 * - streams and events on a virtual clock; graph capture as far as it forbids calls
 * - sticky errors, and scripted faults: call number k of a run fails with a code, without effect
 * - a count of live handles, and a log of calls
 *
 * Time passes only in simulated_cudart_advance and in waiting calls, which advance it to the end of
 * the awaited work. Any thread may call any CUDA function. The control functions may be called by
 * one thread only, while no other thread uses the runtime. */
#ifndef SIMULATED_CUDART_H
#define SIMULATED_CUDART_H

#include <cuda_runtime_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/device.h"

enum { SIMULATED_DEVICE_MAX_COUNT = 4 };

/* How the driver treats a pool's maxSize. This is not documented. */
typedef enum simulated_cap_rule {
    SIMULATED_CAP_BINDS = 0, /* limits the reserved bytes; the last growth is cut to fit */
    SIMULATED_CAP_ROUNDS_UP, /* likewise, rounded up to a multiple of the growth: docs/hardware */
    SIMULATED_CAP_IS_IGNORED,
} simulated_cap_rule;

/* A device. Its profile must state total memory, granularity, compute capability, multiprocessors,
 * priorities, pools and integration: see simulated_device_of. */
typedef struct simulated_device {
    rein_device_profile profile;
    uint64_t context_bytes;
    uint64_t pool_growth_bytes;
    uint64_t malloc_granularity_bytes; /* 0: cudaMalloc does not change the free memory */
    bool do_addresses_fall;            /* each allocation has a lower address than the last */
    simulated_cap_rule cap_rule;
    enum cudaComputeMode compute_mode; /* reported but not enforced: there is one process */
    int pci_bus;
} simulated_device;

/* Returns a device of 8 GiB: 512-byte pool charges, 32 MiB growth, 2 MiB cudaMalloc blocks, 300 MiB
 * context. */
simulated_device simulated_device_default(void);

/* Returns a device as described by a profile. Unknown facts are as in the default. */
simulated_device simulated_device_of(const rein_device_profile *profile);

/* Resets the runtime to its initial state with these devices. `driver_version` 0: no driver; below
 * CUDART_VERSION: too old. */
void simulated_cudart_reset(const simulated_device *devices, int count, int driver_version);

/* Numbers of live handles, to detect leaks. */
typedef struct simulated_handles {
    size_t streams;
    size_t events;
    size_t pools;
    size_t allocations;
} simulated_handles;

/* Returns the numbers of live handles on devices that are not lost. */
simulated_handles simulated_cudart_handles(void);

/* Returns the number of calls of functions that return a cudaError_t, since the reset or since the
 * last fault was set. */
uint64_t simulated_cudart_call_count(void);

/* Returns the name of call number `number`, starting at 1, or NULL; the last 4096 are kept. */
const char *simulated_cudart_call_name(uint64_t number);

/* Makes call number `number` from now fail with `code`, without effect. A code for a lost device
 * leaves the device lost. 0: none. Restarts the count of calls. */
void simulated_cudart_fail_call(uint64_t number, cudaError_t code);

/* Makes the next call of each of these functions, at most 4, fail with `code`, without effect.
 * Replaces earlier settings. */
void simulated_cudart_fail_functions(const char *const *names, size_t count, cudaError_t code);
void simulated_cudart_fail_function(const char *name, cudaError_t code);

/* Runs `meanwhile` at the start of the next call of this function, to simulate another thread. */
void simulated_cudart_meanwhile(const char *name, void (*meanwhile)(void));

/* Destroys the device's context with `code`, as a faulty kernel does. */
void simulated_cudart_lose_device(int device, cudaError_t code);

/* Sets the device memory that other processes hold from now on. */
void simulated_cudart_set_tenant(int device, uint64_t bytes);

/* Sets the result of counting devices: cudaSuccess, or the reason why there are none. */
void simulated_cudart_set_initialisation(cudaError_t code);

/* Moves the next allocation `bytes` farther away from the previous one. */
void simulated_cudart_skip_addresses(uint64_t bytes);

void simulated_cudart_advance(uint64_t ns);
uint64_t simulated_cudart_now_ns(void);

/* Appends work of this duration to the stream. */
void simulated_cudart_submit_work(cudaStream_t stream, uint64_t ns);

void simulated_cudart_set_capturing(cudaStream_t stream, bool is_capturing);

/* Sets the next result of cudaEventElapsedTime, whatever the events are. */
void simulated_cudart_set_next_span(float ms);

bool simulated_cudart_has_context(int device);
uint64_t simulated_cudart_free_bytes(int device);

#endif
