/* Detects forks, and closes lock descriptors in the child. */
#ifndef REIN_HOST_NODE_FORK_GUARD_H
#define REIN_HOST_NODE_FORK_GUARD_H

#include "contract/result.h"

/* Registers the handlers of fork, once. Thread-safe. Errors: OutOfMemory, for every call, if the
 * first registration failed. */
rein_result_void rein_i_fork_guard_watch(void);

/* Returns the generation of this process: at least 1, and one more than the parent's if the parent
 * called rein_i_fork_guard_watch. One atomic load. */
uint32_t rein_i_fork_guard_process(void);

/* Checks that an object was opened by this process. `process` is the value of
 * rein_i_fork_guard_process when it was opened, or 0 if it is not open; `object` names its kind.
 * Errors: InvalidState. */
rein_result_void rein_i_fork_guard_check(uint32_t process, const char *object);

/* A descriptor that a child of fork closes before fork returns. The struct must not move while the
 * descriptor is open. */
typedef struct guarded_descriptor {
    int number; /* -1: closed */
    struct guarded_descriptor *previous;
    struct guarded_descriptor *next;
} guarded_descriptor;

/* Opens a file as rein_i_system_open does. No fork of another thread can come between opening and
 * guarding: a child with a copy would keep the lock of a dead parent. Returns false with errno
 * set. */
bool rein_i_fork_guard_open(int folder, const char *name, int flags,
                            guarded_descriptor *out_guarded);

/* Closes the descriptor, unless a fork has closed it. */
void rein_i_fork_guard_close(guarded_descriptor *guarded);

#endif
