#include "host/node/fork_guard.h"

#include <pthread.h>
#include <unistd.h>

#include "host/contract/invalid.h"
#include "host/node/system_file.h"

static uint32_t process_number = 1; /* atomic access */

/* The descriptors that are open now. The mutex is held while a descriptor is opened. Fork takes it
 * first, so that the list contains every descriptor. */
static struct {
    pthread_mutex_t mutex;
    guarded_descriptor *first;
} registry = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static pthread_once_t first_use = PTHREAD_ONCE_INIT;
static int watch_failure; /* an errno, 0 if forks are watched */

static void lock_registry(void) {
    pthread_mutex_lock(&registry.mutex);
}

static void unlock_registry(void) {
    pthread_mutex_unlock(&registry.mutex);
}

/* Closes the child's copies, which leaves the parent's locks alone. The list may be on stacks of
 * threads that the child does not have, but their memory still exists. */
static void start_child(void) {
    for (guarded_descriptor *each = registry.first; each != NULL; each = each->next) {
        close(each->number);
        each->number = -1;
    }
    registry.first = NULL;
    __atomic_store_n(&process_number, process_number + 1, __ATOMIC_RELAXED);
    unlock_registry();
}

/* Registers the handlers without the registry's lock: a fork at this moment would leave it locked
 * in the child. */
static void watch_forks(void) {
    watch_failure = pthread_atfork(lock_registry, unlock_registry, start_child);
}

rein_result_void rein_i_fork_guard_watch(void) {
    pthread_once(&first_use, watch_forks);
    if (watch_failure == 0) {
        return rein_done();
    }
    rein_error error = rein_error_make(REIN_ERROR_OUT_OF_MEMORY, REIN_HERE,
                                       HOST_IS_OUT_OF_MEMORY "register handlers of fork");
    return rein_result_void_fail(rein_error_with_native_code(error, watch_failure));
}

uint32_t rein_i_fork_guard_process(void) {
    return __atomic_load_n(&process_number, __ATOMIC_RELAXED);
}

rein_result_void rein_i_fork_guard_check(uint32_t process, const char *object) {
    if (process == rein_i_fork_guard_process()) {
        return rein_done();
    }
    const char *message =
        process == 0
            ? "the {text} is not held: it was never opened or taken, or it was already given back"
            : "the {text} belongs to the parent process: a forked child can only close it, and "
              "must open its own";
    return rein_result_void_fail(
        rein_i_error_about(REIN_ERROR_INVALID_STATE, REIN_HERE, message, object));
}

bool rein_i_fork_guard_open(int folder, const char *name, int flags,
                            guarded_descriptor *out_guarded) {
    lock_registry();
    *out_guarded = (guarded_descriptor){.number = rein_i_system_open(folder, name, flags, 0),
                                        .next = registry.first};
    bool is_open = out_guarded->number >= 0;
    if (is_open) {
        if (registry.first != NULL) {
            registry.first->previous = out_guarded;
        }
        registry.first = out_guarded;
    }
    unlock_registry();
    return is_open;
}

static void forget(const guarded_descriptor *guarded) {
    if (guarded->previous == NULL) {
        registry.first = guarded->next;
    } else {
        guarded->previous->next = guarded->next;
    }
    if (guarded->next != NULL) {
        guarded->next->previous = guarded->previous;
    }
}

void rein_i_fork_guard_close(guarded_descriptor *guarded) {
    lock_registry();
    if (guarded->number >= 0) {
        forget(guarded);
        close(guarded->number);
        guarded->number = -1;
    }
    unlock_registry();
}
