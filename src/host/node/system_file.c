#include "host/node/system_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/contract/invalid.h"

rein_error rein_i_system_error(rein_source_location where, const char *message, const char *name) {
    int native_code = errno;
    rein_error error = rein_i_error_about(REIN_ERROR_INTERNAL_ERROR, where, message, name);
    return rein_error_with_native_code(error, native_code);
}

int rein_i_system_open(int folder, const char *name, int flags, mode_t mode) {
    int file = -1;
    do {
        file = openat(folder, name, flags | O_NOFOLLOW | O_CLOEXEC, mode);
    } while (file < 0 && errno == EINTR);
    return file;
}

int rein_i_system_open_directory(int folder, const char *name) {
    return rein_i_system_open(folder, name, O_RDONLY | O_DIRECTORY, 0);
}

ssize_t rein_i_system_read_all(int file, char *buffer, size_t capacity) {
    size_t length = 0;
    while (length < capacity) {
        ssize_t count = read(file, buffer + length, capacity - length);
        if (count == 0) {
            break;
        }
        if (count < 0 && errno != EINTR) {
            return -1;
        }
        length += count > 0 ? (size_t)count : 0;
    }
    return (ssize_t)length;
}

int rein_i_system_write_all(int file, const char *text, size_t length) {
    while (length > 0) {
        ssize_t count = write(file, text, length);
        if (count < 0 && errno != EINTR) {
            return -1;
        }
        size_t written = count > 0 ? (size_t)count : 0;
        text += written;
        length -= written;
    }
    return 0;
}

int rein_i_system_try_lock(int file, short type) {
    struct flock whole = {.l_type = type, .l_whence = SEEK_SET};
    int locked = -1;
    do {
        locked = fcntl(file, F_OFD_SETLK, &whole);
    } while (locked < 0 && errno == EINTR);
    return locked;
}

int rein_i_system_share(int file, const struct stat *facts, mode_t mode) {
    bool is_shared = (facts->st_mode & S_IWGRP) != 0;
    if (is_shared && fchown(file, (uid_t)-1, facts->st_gid) != 0) {
        return -1;
    }
    return fchmod(file, mode);
}

bool rein_i_system_is_trusted(const struct stat *root, const struct stat *facts) {
    bool is_shared = (root->st_mode & S_IWGRP) != 0 && facts->st_gid == root->st_gid;
    return is_shared || facts->st_uid == 0 || facts->st_uid == geteuid();
}

int rein_i_system_is_same_file(int folder, const char *name, int descriptor) {
    struct stat opened;
    struct stat named;
    if (fstat(descriptor, &opened) != 0) {
        return -1;
    }
    if (fstatat(folder, name, &named, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT ? 0 : -1;
    }
    return named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

int rein_i_system_is_locked(int file) {
    /* Asks whether a read lock is possible: only a write lock prevents one. */
    struct flock whole = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    int asked = -1;
    do {
        asked = fcntl(file, F_OFD_GETLK, &whole);
    } while (asked < 0 && errno == EINTR);
    return asked < 0 ? -1 : whole.l_type != F_UNLCK;
}
