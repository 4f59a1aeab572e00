/* Declarations shared by the source files of the simulation. One mutex guards everything except the
 * state of the calling thread. */
#ifndef SIMULATED_STATE_H
#define SIMULATED_STATE_H

#include "mocks/simulated_cudart/simulated_cudart.h"

/* Kinds of objects with handles. */
typedef enum object_kind {
    OBJECT_STREAM,
    OBJECT_EVENT,
    OBJECT_POOL,
    OBJECT_ALLOCATION,
    OBJECT_HOST_FUNCTION /* submitted and not run yet */
} object_kind;

/* An object with a handle: its own address, or a device address for an allocation. */
typedef struct object {
    object_kind kind;
    int device;
    const void *handle;
    bool is_recorded;         /* events */
    bool is_capturing;        /* streams */
    int priority;             /* streams */
    uint64_t ready_ns;        /* streams: end of the work; events: time of completion */
    struct object *pool;      /* allocations: NULL for cudaMalloc */
    uint64_t bytes;           /* allocations: size on the device */
    uint64_t requested_bytes; /* allocations: requested size */
    bool is_freed;            /* allocations: freed on a stream, completes at ready_ns */
    uint64_t placed_bytes;    /* pools: sum of `bytes` of the allocations */
    uint64_t used_bytes;      /* pools: sum of the requested sizes, as the driver counts */
    uint64_t reserved_bytes;  /* pools */
    uint64_t used_high_bytes; /* pools */
    uint64_t reserved_high_bytes;
    uint64_t cap_bytes;       /* pools; 0: none */
    uint64_t threshold_bytes; /* pools: kept even if unused */
    bool is_destroyed;        /* pools: destroyed, but still has allocations */
    int fill;                 /* allocations: value of every byte */
    void (*run)(void *);      /* host functions */
    void *argument;           /* host functions */
    struct object *next;
} object;

typedef struct device_state {
    simulated_device facts;
    bool has_context;
    cudaError_t lost; /* cudaSuccess: not lost */
    uint64_t tenant_bytes;
    uint64_t taken_bytes; /* by this process, including the context */
} device_state;

typedef struct simulated_state {
    device_state devices[SIMULATED_DEVICE_MAX_COUNT];
    int device_count;
    int driver_version;
    cudaError_t initialisation;
    object *objects;
    uintptr_t given_bytes; /* addresses used so far; never reused */
    uint64_t now_ns;
    float next_span_ms;
    bool has_next_span;
} simulated_state;

extern simulated_state simulation;

typedef struct thread_state {
    uint64_t epoch; /* number of the reset that it belongs to */
    int device;
    cudaError_t last_error;
    enum cudaStreamCaptureMode mode;
} thread_state;

thread_state *simulated_thread(void);

/* Begin and end every CUDA function. `enter` locks, logs and returns the fault that is set for this
 * call. `leave` stores the code as the thread's last error and unlocks. */
cudaError_t simulated_enter(const char *function);
/* Does the same for a call that concerns another device than the current one. */
cudaError_t simulated_enter_on(const char *function, int device);

cudaError_t simulated_leave(cudaError_t code);

/* Lock and unlock without changing the last error. */
void simulated_lock(void);
void simulated_unlock(void);

/* Returns the result of every call that needs a driver, before any other check. */
cudaError_t simulated_driver_state(void);

/* Sets the current device and creates its context; returns its sticky error if it is lost. */
cudaError_t simulated_context(device_state **out_device);

/* Returns an error if this thread may not create objects: a stream is capturing and the thread is
 * not in relaxed mode. */
cudaError_t simulated_may_create(void);

/* Completes the frees that streams have reached by now. */
void simulated_settle(void);

/* Shrinks each pool to its release threshold, as a wait of the host does. */
void simulated_shrink_pools(void);

object *simulated_add(object_kind kind, int device);

/* Adds an allocation of `bytes`, at a new address. */
object *simulated_add_allocation(int device, uint64_t bytes);

void simulated_remove(object *gone);

/* Returns the object, or NULL if there is none of this kind. */
object *simulated_find(const void *handle, object_kind kind);

/* Returns any object of this kind, or NULL if there is none. */
object *simulated_any(object_kind kind);

bool simulated_is_lost_code(cudaError_t code);
uint64_t simulated_round_up(uint64_t bytes, uint64_t unit);
uint64_t simulated_device_free(const device_state *device);

#endif
