/* The exclusive lock of a folder: an open file description lock on the file ".lock" in it.
 *
 * The file can be opened only by those who may write to the folder: a lock on the folder itself, or
 * on a file that others can read, could be held by anyone who may look. Two threads, and two copies
 * of the library in one process, exclude each other as two processes do. */
#ifndef REIN_HOST_NODE_FOLDER_LOCK_H
#define REIN_HOST_NODE_FOLDER_LOCK_H

#include "contract/clock.h"
#include "host/node/fork_guard.h"

/* How long to wait for a lock. */
typedef struct lock_wait {
    const rein_clock *clock;
    rein_timestamp deadline; /* at least REIN_RESERVATION_LOCK_WAIT_S are waited in any case */
} lock_wait;

/* Whether `name` is that of a folder's lock file. */
bool rein_i_folder_lock_has_name(const char *name);

/* Whether `name` is that of a lock file that a process began to make. It can be removed by a
 * process that has the lock. */
bool rein_i_folder_lock_is_unfinished(const char *name);

/* Locks `folder`, whose name in messages is `name`. The lock file is made if it is missing. The
 * caller ends the lock with rein_i_folder_lock_end. A child of fork never keeps it. Errors: Timeout
 * if another holds the lock all the time; InternalError with the errno. */
rein_result_void rein_i_folder_lock_begin(int folder, const lock_wait *wait, const char *name,
                                          guarded_descriptor *out_lock);

/* Ends the lock, at once: a child that was forked a moment ago may not have closed its copy of the
 * descriptor yet. Does nothing to a lock that is closed. */
void rein_i_folder_lock_end(guarded_descriptor *lock);

#endif
