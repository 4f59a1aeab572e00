/* What the files of the simulation share. Everything is guarded by one mutex, but for the calling
 * thread's own state. */
#ifndef SIMULATED_STATE_H
#define SIMULATED_STATE_H

#include "mocks/simulated_cudart/simulated_cudart.h"

/* The kinds of things that a caller gets a handle of. */
typedef enum object_kind {
    OBJECT_STREAM,
    OBJECT_EVENT,
    OBJECT_POOL,
    OBJECT_ALLOCATION,
    OBJECT_HOST_FUNCTION /* submitted, and not run yet */
} object_kind;

/* Whatever has a handle: the address of the object, or for an allocation one of the device. */
typedef struct object {
    object_kind kind;
    int device;
    const void *handle;
    bool is_recorded;         /* events */
    bool is_capturing;        /* streams */
    int priority;             /* streams */
    uint64_t ready_ns;        /* streams: end of the work; events: when they are reached */
    struct object *pool;      /* allocations: NULL for cudaMalloc */
    uint64_t bytes;           /* allocations: what they take */
    uint64_t asked_bytes;     /* allocations: what the caller asked for */
    bool is_freed;            /* allocations: freed in order, not there yet; until ready_ns */
    uint64_t placed_bytes;    /* pools: what their allocations take */
    uint64_t used_bytes;      /* pools: what was asked for, as the driver counts it */
    uint64_t reserved_bytes;  /* pools */
    uint64_t used_high_bytes; /* pools */
    uint64_t reserved_high_bytes;
    uint64_t cap_bytes;       /* pools; 0: none */
    uint64_t threshold_bytes; /* pools: kept although nothing needs it */
    bool is_destroyed;        /* pools with allocations live on */
    int fill;                 /* allocations: the byte that they hold all over */
    void (*run)(void *);      /* host functions */
    void *argument;           /* host functions */
    struct object *next;
} object;

typedef struct device_state {
    simulated_device facts;
    bool has_context;
    cudaError_t lost; /* cudaSuccess: not lost */
    uint64_t tenant_bytes;
    uint64_t taken_bytes; /* by this process, the context included */
} device_state;

typedef struct simulated_state {
    device_state devices[SIMULATED_DEVICE_MAX_COUNT];
    int device_count;
    int driver_version;
    cudaError_t initialisation;
    object *objects;
    uintptr_t given_bytes; /* of the devices' addresses; none is given twice */
    uint64_t now_ns;
    float next_span_ms;
    bool has_next_span;
} simulated_state;

extern simulated_state simulation;

typedef struct thread_state {
    uint64_t epoch; /* of the reset that it belongs to */
    int device;
    cudaError_t last_error;
    enum cudaStreamCaptureMode mode;
} thread_state;

thread_state *simulated_thread(void);

/* Every function begins and ends so: `enter` locks, logs and answers with the fault that is set for
 * this call, `leave` notes the code as the thread's last error and unlocks. */
cudaError_t simulated_enter(const char *function);
/* The same for a call about another device than the current one. */
cudaError_t simulated_enter_on(const char *function, int device);

cudaError_t simulated_leave(cudaError_t code);

/* Without the last error's being touched. */
void simulated_lock(void);
void simulated_unlock(void);

/* The answer of every call that needs a driver, before anything else. */
cudaError_t simulated_driver_state(void);

/* The current device, with its context; its sticky error where it is lost. */
cudaError_t simulated_context(device_state **out_device);

/* Whether this thread may create things: not while a stream captures, unless in relaxed mode. */
cudaError_t simulated_may_create(void);

/* Frees what streams have got to by now. */
void simulated_settle(void);

/* What a wait of the host does: each pool gives back what is above its release threshold. */
void simulated_shrink_pools(void);

object *simulated_add(object_kind kind, int device);

/* An allocation that takes `bytes`, at an address of its own. */
object *simulated_add_allocation(int device, uint64_t bytes);

void simulated_remove(object *gone);

/* The object, NULL where there is none of this kind. */
object *simulated_find(const void *handle, object_kind kind);

/* Any object of this kind, NULL where there is none. */
object *simulated_any(object_kind kind);

bool simulated_is_lost_code(cudaError_t code);
uint64_t simulated_round_up(uint64_t bytes, uint64_t unit);
uint64_t simulated_device_free(const device_state *device);

#endif
