/* The exclusive lock of a folder: an open file description lock on the file ".lock" in it.
 *
 * Only users who may write to the folder can open the file. A lock on the folder itself, or on a
 * file that others can read, could be held by any reader. Two threads, or two copies of the library
 * in one process, exclude each other as two processes do. */
#ifndef REIN_HOST_NODE_FOLDER_LOCK_H
#define REIN_HOST_NODE_FOLDER_LOCK_H

#include "contract/clock.h"
#include "host/node/fork_guard.h"

/* How long to wait for a lock. */
typedef struct lock_wait {
    const rein_clock *clock;
    rein_timestamp deadline; /* the wait is at least REIN_RESERVATION_LOCK_WAIT_S in any case */
} lock_wait;

/* Returns whether `name` is the name of a folder's lock file. */
bool rein_i_folder_lock_has_name(const char *name);

/* Returns whether `name` is the name of an unfinished lock file. A process that has the lock may
 * remove it. */
bool rein_i_folder_lock_is_unfinished(const char *name);

/* Locks `folder`, which messages call `name`. Makes the lock file if it is missing. The caller ends
 * the lock with rein_i_folder_lock_end. A child of fork never keeps it. Errors: Timeout if another
 * holds the lock all the time; InternalError with the errno. */
rein_result_void rein_i_folder_lock_begin(int folder, const lock_wait *wait, const char *name,
                                          guarded_descriptor *out_lock);

/* Ends the lock at once, even if a child that was just forked has not closed its copy of the
 * descriptor yet. Does nothing to a lock that is closed. */
void rein_i_folder_lock_end(guarded_descriptor *lock);

#endif
