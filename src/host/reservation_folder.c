#include "host/reservation_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/system_file.h"

const char folder_lock_name[] = "lock";

static rein_error unsafe(rein_source_location where, const char *message, const char *name) {
    return rein_error_with_text(rein_error_make(REIN_ERROR_INVALID_STATE, where, message), name);
}

/* The device's folder may belong to whoever may write to the state directory. */
static rein_result_void check_folder(const struct stat *root, const struct stat *folder,
                                     const char *name) {
    bool is_shared = (root->st_mode & S_IWGRP) != 0 && folder->st_gid == root->st_gid;
    bool is_own =
        folder->st_uid == 0 || folder->st_uid == geteuid() || folder->st_uid == root->st_uid;
    if (!is_own && !is_shared) {
        return rein_result_void_fail(unsafe(
            REIN_HERE, "the device's folder {text} belongs to a foreign user and group", name));
    }
    if ((folder->st_mode & S_IWOTH) != 0) {
        return rein_result_void_fail(unsafe(
            REIN_HERE, "the device's folder {text} is writable by everyone, expected not", name));
    }
    return rein_done();
}

static int make_folder(int root, const char *name, mode_t mode) {
    if (mkdirat(root, name, mode) != 0) {
        return errno == EEXIST ? 0 : -1;
    }
    /* The mode without what the umask took from it: others of the group need theirs. */
    return fchmodat(root, name, mode, 0);
}

static int open_folder(int root, const char *name, folder_use use, mode_t mode) {
    int folder = system_open(root, name, O_RDONLY | O_DIRECTORY, 0);
    if (folder >= 0 || errno != ENOENT || use == FOLDER_TO_READ) {
        return folder;
    }
    if (make_folder(root, name, mode) != 0) {
        return -1;
    }
    return system_open(root, name, O_RDONLY | O_DIRECTORY, 0);
}

/* The lock's file is made once and never removed: two processes that lock two files would not see
 * each other. */
static int open_lock(const reservation_folder *folder, folder_use use) {
    if (use == FOLDER_TO_READ) {
        return system_open(folder->descriptor, folder_lock_name, O_RDONLY | O_NONBLOCK, 0);
    }
    mode_t mode = folder->lock_mode;
    int made = system_open(folder->descriptor, folder_lock_name,
                           O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK, mode);
    if (made < 0) {
        return errno == EEXIST
                   ? system_open(folder->descriptor, folder_lock_name, O_RDWR | O_NONBLOCK, 0)
                   : -1;
    }
    if (fchmod(made, mode) != 0) {
        int native_code = errno;
        close(made);
        errno = native_code;
        return -1;
    }
    return made;
}

static rein_result_void wait_for_lock(int file, short type, const rein_clock *clock) {
    rein_timestamp now = rein_clock_now(clock);
    rein_timestamp last = rein_timestamp_add_saturating(
        now, rein_duration_from_ns(REIN_RESERVATION_LOCK_WAIT_S * REIN_NS_PER_S));
    int64_t pause_ns = 50 * REIN_NS_PER_US;
    while (system_try_lock(file, type) != 0) {
        if (errno != EAGAIN && errno != EACCES) {
            return rein_result_void_fail(
                system_error(REIN_HERE, "cannot lock the device's folder", ""));
        }
        if (rein_timestamp_compare(now, last) >= 0) {
            rein_error error = rein_error_make(
                REIN_ERROR_TIMEOUT, REIN_HERE,
                "the lock of the device's folder was not free for {u} s: its holder is stopped");
            return rein_result_void_fail(
                rein_error_with_numbers(error, REIN_RESERVATION_LOCK_WAIT_S, 0, 0));
        }
        rein_clock_sleep_until(clock,
                               rein_timestamp_add_saturating(now, rein_duration_from_ns(pause_ns)));
        pause_ns = pause_ns < 4 * REIN_NS_PER_MS ? pause_ns * 2 : pause_ns;
        now = rein_clock_now(clock);
    }
    return rein_done();
}

/* Opens the lock's file; -1 where a reader finds none, for nobody has used the folder yet. */
static rein_result_void open_checked_lock(reservation_folder *folder, folder_use use) {
    folder->lock_descriptor = open_lock(folder, use);
    if (folder->lock_descriptor < 0 && errno == ENOENT && use == FOLDER_TO_READ) {
        return rein_done();
    }
    if (folder->lock_descriptor < 0) {
        return rein_result_void_fail(system_error(
            REIN_HERE, "cannot open the {text} of the device's folder", folder_lock_name));
    }
    struct stat facts;
    if (fstat(folder->lock_descriptor, &facts) != 0) {
        return rein_result_void_fail(
            system_error(REIN_HERE, "cannot read the state of the {text} of the device's folder",
                         folder_lock_name));
    }
    if (!S_ISREG(facts.st_mode)) {
        return rein_result_void_fail(unsafe(
            REIN_HERE, "the {text} of the device's folder is no regular file", folder_lock_name));
    }
    return rein_done();
}

static rein_result_void lock_opened(reservation_folder *folder, folder_use use,
                                    const rein_clock *clock) {
    rein_result_void opened = open_checked_lock(folder, use);
    if (rein_result_void_is_error(opened) || folder->lock_descriptor < 0) {
        return opened;
    }
    return wait_for_lock(folder->lock_descriptor, use == FOLDER_TO_READ ? F_RDLCK : F_WRLCK, clock);
}

rein_result_void folder_lock(int descriptor, folder_use use, const rein_clock *clock,
                             reservation_folder *out_folder) {
    struct stat facts;
    if (fstat(descriptor, &facts) != 0) {
        return rein_result_void_fail(
            system_error(REIN_HERE, "cannot read the state of the device's folder", ""));
    }
    reservation_folder folder = {.descriptor = descriptor,
                                 .lock_descriptor = -1,
                                 .file_mode = (facts.st_mode & 0444) | 0600,
                                 .lock_mode = (facts.st_mode & 0664) | 0600};
    rein_result_void locked = lock_opened(&folder, use, clock);
    if (rein_result_void_is_error(locked)) {
        folder_unlock(&folder);
        return locked;
    }
    *out_folder = folder;
    return locked;
}

static rein_result_void check_and_lock(const struct stat *root, const char *name, folder_use use,
                                       const rein_clock *clock, reservation_folder *folder) {
    struct stat facts;
    if (fstat(folder->descriptor, &facts) != 0) {
        return rein_result_void_fail(
            system_error(REIN_HERE, "cannot read the state of the device's folder {text}", name));
    }
    rein_result_void checked = check_folder(root, &facts, name);
    REIN_RETURN_IF_ERROR(rein_result_void, checked);
    return folder_lock(folder->descriptor, use, clock, folder);
}

result_reservation_folder folder_open_locked(const rein_state_directory *directory,
                                             const char *device_uuid, folder_use use,
                                             const rein_clock *clock) {
    reservation_folder folder = {.descriptor = -1, .lock_descriptor = -1};
    struct stat root;
    if (fstat(directory->descriptor, &root) != 0) {
        return result_reservation_folder_fail(
            system_error(REIN_HERE, "cannot read the state of the state directory", ""));
    }
    folder.descriptor = open_folder(directory->descriptor, device_uuid, use,
                                    (root.st_mode & (S_ISGID | 0775)) | 0700);
    if (folder.descriptor < 0 && errno == ENOENT && use == FOLDER_TO_READ) {
        return result_reservation_folder_ok(folder);
    }
    if (folder.descriptor < 0) {
        return result_reservation_folder_fail(
            system_error(REIN_HERE, "cannot open the device's folder {text}", device_uuid));
    }
    rein_result_void locked = check_and_lock(&root, device_uuid, use, clock, &folder);
    if (rein_result_void_is_error(locked)) {
        folder_close(&folder);
        return result_reservation_folder_fail(REIN_ERROR(locked));
    }
    return result_reservation_folder_ok(folder);
}

void folder_unlock(reservation_folder *folder) {
    if (folder->lock_descriptor >= 0) {
        close(folder->lock_descriptor);
        folder->lock_descriptor = -1;
    }
}

void folder_close(reservation_folder *folder) {
    folder_unlock(folder);
    if (folder->descriptor >= 0) {
        close(folder->descriptor);
        folder->descriptor = -1;
    }
}

static bool is_itself_or_parent(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static void visit_block(const char *block, size_t length, folder_visitor visit, void *context) {
    size_t position = 0;
    while (position < length) {
        const struct dirent64 *entry = (const void *)(block + position);
        position += entry->d_reclen;
        if (!is_itself_or_parent(entry->d_name)) {
            visit(entry->d_name, context);
        }
    }
}

rein_result_void folder_list(int descriptor, folder_visitor visit, void *context) {
    /* The caller's descriptor keeps its own place. */
    int folder = system_open(descriptor, ".", O_RDONLY | O_DIRECTORY, 0);
    if (folder < 0) {
        return rein_result_void_fail(
            system_error(REIN_HERE, "cannot open a folder to list it", ""));
    }
    _Alignas(struct dirent64) char block[4096];
    ssize_t length = 0;
    while ((length = getdents64(folder, block, sizeof block)) > 0) {
        visit_block(block, (size_t)length, visit, context);
    }
    rein_result_void listed =
        length == 0 ? rein_done()
                    : rein_result_void_fail(system_error(REIN_HERE, "cannot list a folder", ""));
    close(folder);
    return listed;
}
