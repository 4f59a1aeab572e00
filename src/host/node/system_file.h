/* Calls to the file system that are repeated where a signal cut them short. */
#ifndef REIN_HOST_NODE_SYSTEM_FILE_H
#define REIN_HOST_NODE_SYSTEM_FILE_H

#include <sys/stat.h>
#include <sys/types.h>

#include "contract/result.h"

/* InternalError with the current errno and its text; `message` has one {text} for the name, and the
 * native code says the rest. */
rein_error rein_i_system_error(rein_source_location where, const char *message, const char *name);

/* As openat, always with O_NOFOLLOW and O_CLOEXEC. */
int rein_i_system_open(int folder, const char *name, int flags, mode_t mode);

/* The same for a directory that exists, to read it. */
int rein_i_system_open_directory(int folder, const char *name);

/* Reads up to `capacity` bytes, fewer only at the end of the file; below 0 with errno set. */
ssize_t rein_i_system_read_all(int file, char *buffer, size_t capacity);

/* 0, or -1 with errno set. */
int rein_i_system_write_all(int file, const char *text, size_t length);

/* Takes a lock of `type` on the whole file for its open file description, without waiting; F_UNLCK
 * gives it back. Returns 0, or -1 with errno set (EAGAIN if another description has it). */
int rein_i_system_try_lock(int file, short type);

/* Gives `file` the group of a folder with these `facts`, and `mode` without what the umask took
 * from it. The group matters, and must be known in this user namespace, only if it may write to the
 * folder. Returns 0, or -1 with errno set. */
int rein_i_system_share(int file, const struct stat *facts, mode_t mode);

/* Returns whether a file with these `facts` belongs to root, to the effective user, or to the group
 * of a folder with the facts `root` that the group may write to. */
bool rein_i_system_is_trusted(const struct stat *root, const struct stat *facts);

/* Returns 1 if `name` in `folder` is what `descriptor` has open, 0 if it is something else or
 * nothing, -1 with errno set. */
int rein_i_system_is_same_file(int folder, const char *name, int descriptor);

/* Returns 1 if another open file description has a write lock, 0 if none has, -1 with errno set. */
int rein_i_system_is_locked(int file);

#endif
