/* What a suite for simulation and hardware is linked to: the simulated runtime or the real one. */
#ifndef RUNTIME_UNDER_TEST_H
#define RUNTIME_UNDER_TEST_H

#include <cuda_runtime_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern const char runtime_name[];

/* A pool of the driver's can be short of a range as long as asked for where the bytes would do. */
extern const bool runtime_can_fragment;

/* A device 0 to work on; false, with the reason on standard output, where there is none. */
bool runtime_prepare(void);

/* Work of about this length at the end of the stream; false where it is refused. */
bool runtime_submit_work(cudaStream_t stream, uint64_t ns);

/* So much time passes where it is virtual. */
void runtime_advance(uint64_t ns);

/* All work that was submitted is done, or has failed. */
void runtime_finish_work(void);

/* So many allocations are live; true where the runtime cannot be asked. */
bool runtime_holds_allocations(size_t count);

/* No allocation, pool, stream or event is left; true where the runtime cannot be asked. */
bool runtime_holds_nothing(void);

/* A faulty kernel on the stream: the device's context dies when the stream gets there, and is dead
 * for every call that waits for it. False, with the reason on standard output, where none can be
 * launched here. */
bool runtime_lose_device(cudaStream_t stream);

#endif
