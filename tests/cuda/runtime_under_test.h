/* The runtime that a test suite is linked with: the simulated one or the real one. */
#ifndef RUNTIME_UNDER_TEST_H
#define RUNTIME_UNDER_TEST_H

#include <cuda_runtime_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern const char runtime_name[];

/* A driver pool may lack a contiguous range for a request even if enough bytes are free. */
extern const bool runtime_can_fragment;

/* Prepares device 0. Returns false, with the reason on standard output, if there is none. */
bool runtime_prepare(void);

/* Appends work of about this duration to the stream; returns false if that is refused. */
bool runtime_submit_work(cudaStream_t stream, uint64_t ns);

/* Advances the time by `ns` if it is virtual. */
void runtime_advance(uint64_t ns);

/* Waits until all submitted work has finished or failed. */
void runtime_finish_work(void);

/* Returns whether exactly `count` allocations are live; true if the runtime cannot tell. */
bool runtime_holds_allocations(size_t count);

/* Returns whether no allocation, pool, stream or event is left; true if the runtime cannot tell. */
bool runtime_holds_nothing(void);

/* Launches a faulty kernel: the device's context dies when the stream reaches it, and every call
 * that waits for it reports that. Returns false, with the reason on standard output, if none can be
 * launched here. */
bool runtime_lose_device(cudaStream_t stream);

#endif
