/* Calls to the file system that are repeated if a signal interrupts them. */
#ifndef REIN_HOST_NODE_SYSTEM_FILE_H
#define REIN_HOST_NODE_SYSTEM_FILE_H

#include <sys/stat.h>
#include <sys/types.h>

#include "contract/result.h"

/* The wording of messages that several sources share (host/base/messages.h). {text} is the name of
 * the file. */
#define CANNOT_READ_STATE    "cannot read the state of {text}"
#define MUST_NOT_BE_WRITABLE " must not be world-writable (chmod o-w)"
#define IS_NOT_COUNTED       ": nothing counts it any more; release the reservation and take another"

/* Returns an InternalError with the current errno. `message` has one {text} for the name. */
rein_error rein_i_system_error(rein_source_location where, const char *message, const char *name);

/* Opens a file as openat does, always with O_NOFOLLOW and O_CLOEXEC. */
int rein_i_system_open(int folder, const char *name, int flags, mode_t mode);

/* Opens an existing directory for reading. */
int rein_i_system_open_directory(int folder, const char *name);

/* Reads up to `capacity` bytes, and fewer only at the end of the file. Returns a negative number
 * with errno set on failure. */
ssize_t rein_i_system_read_all(int file, char *buffer, size_t capacity);

/* Writes the whole text. Returns 0, or -1 with errno set. */
int rein_i_system_write_all(int file, const char *text, size_t length);

/* Takes a lock of `type` on the whole file for its open file description, without waiting; F_UNLCK
 * releases it. Returns 0, or -1 with errno set (EAGAIN if another description has a conflicting
 * lock). */
int rein_i_system_try_lock(int file, short type);

/* Gives `file` the group of a folder with these `facts`, and `mode` regardless of the umask. The
 * group matters only if it may write to the folder; it must then be known in this user namespace.
 * Returns 0, or -1 with errno set. */
int rein_i_system_share(int file, const struct stat *facts, mode_t mode);

/* Returns whether a file with these `facts` belongs to root or to the effective user. The group of
 * a folder with the facts `root` counts too, if it may write to the folder. */
bool rein_i_system_is_trusted(const struct stat *root, const struct stat *facts);

/* Returns 1 if `name` in `folder` is the file that `descriptor` has open, 0 if not, -1 with errno
 * set. */
int rein_i_system_is_same_file(int folder, const char *name, int descriptor);

/* Returns 1 if another open file description has a write lock, 0 if none has, -1 with errno set. */
int rein_i_system_is_locked(int file);

#endif
