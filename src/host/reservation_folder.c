#include "host/reservation_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/system_file.h"
#include "host/text_writer.h"

static rein_error unsafe(rein_source_location where, const char *message, const char *name) {
    return rein_error_with_text(rein_error_make(REIN_ERROR_INVALID_STATE, where, message), name);
}

/* The device's folder may belong to whoever may write to the state directory. */
static rein_result_void check_folder(const struct stat *root, const struct stat *folder,
                                     const char *name) {
    bool is_shared = (root->st_mode & S_IWGRP) != 0 && folder->st_gid == root->st_gid;
    bool is_own = folder->st_uid == 0 || folder->st_uid == geteuid();
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

/* The state directory or the device's folder is locked. */
static rein_result_void wait_for_lock(int folder, folder_use use, const rein_clock *clock,
                                      const char *name) {
    rein_timestamp now = rein_clock_now(clock);
    rein_timestamp last = rein_timestamp_add_saturating(
        now, rein_duration_from_ns(REIN_RESERVATION_LOCK_WAIT_S * REIN_NS_PER_S));
    int64_t pause_ns = 50 * REIN_NS_PER_US;
    while (system_try_lock_folder(folder, use == FOLDER_TO_CHANGE) != 0) {
        if (errno != EAGAIN) {
            return rein_result_void_fail(system_error(REIN_HERE, "cannot lock {text}", name));
        }
        if (rein_timestamp_compare(now, last) >= 0) {
            rein_error error =
                rein_error_make(REIN_ERROR_TIMEOUT, REIN_HERE,
                                "the lock of {text} was not free for {u} s: its holder is stopped");
            error = rein_error_with_numbers(error, REIN_RESERVATION_LOCK_WAIT_S, 0, 0);
            return rein_result_void_fail(rein_error_with_text(error, name));
        }
        rein_clock_sleep_until(clock,
                               rein_timestamp_add_saturating(now, rein_duration_from_ns(pause_ns)));
        pause_ns = pause_ns < 4 * REIN_NS_PER_MS ? pause_ns * 2 : pause_ns;
        now = rein_clock_now(clock);
    }
    return rein_done();
}

/* Opens a folder once more and locks it. */
static result_descriptor open_lock(int folder, folder_use use, const rein_clock *clock,
                                   const char *name) {
    int lock = system_open_directory(folder, ".");
    if (lock < 0) {
        return result_descriptor_fail(
            system_error(REIN_HERE, "cannot open {text} to lock it", name));
    }
    rein_result_void locked = wait_for_lock(lock, use, clock, name);
    if (rein_result_void_is_error(locked)) {
        close(lock);
        return result_descriptor_fail(REIN_ERROR(locked));
    }
    return result_descriptor_ok(lock);
}

static void close_lock(int lock) {
    system_unlock_folder(lock);
    close(lock);
}

static const char unfinished_name[] = ".new";

/* Under a name that is no device's, until it has the mode without what the umask took from it:
 * others of the group need theirs. The state directory is locked. */
static int make_folder(int root, const char *name, mode_t mode) {
    if (mkdirat(root, unfinished_name, S_IRWXU) != 0) {
        return -1;
    }
    int made = system_open_directory(root, unfinished_name);
    if (made >= 0 && fchmod(made, mode) == 0 && renameat(root, unfinished_name, root, name) == 0) {
        return made;
    }
    int native_code = errno;
    if (made >= 0) {
        close(made);
    }
    unlinkat(root, unfinished_name, AT_REMOVEDIR);
    errno = native_code;
    return -1;
}

/* What a maker left who died is removed first: it may be another user's. */
static int open_or_make_folder(int root, const char *name, mode_t mode) {
    int folder = system_open_directory(root, name);
    if (folder >= 0 || errno != ENOENT) {
        return folder;
    }
    if (unlinkat(root, unfinished_name, AT_REMOVEDIR) != 0 && errno != ENOENT) {
        return -1;
    }
    return make_folder(root, name, mode);
}

static rein_error folder_error(rein_source_location where, const char *name) {
    return system_error(where, "cannot open the device's folder {text}", name);
}

/* -1 where a reader finds none: nobody has used it yet. */
static result_descriptor open_folder(int root, const char *name, folder_use use, mode_t mode,
                                     const rein_clock *clock) {
    int folder = system_open_directory(root, name);
    if (folder >= 0 || (errno == ENOENT && use == FOLDER_TO_READ)) {
        return result_descriptor_ok(folder);
    }
    if (errno != ENOENT) {
        return result_descriptor_fail(folder_error(REIN_HERE, name));
    }
    result_descriptor locked = open_lock(root, use, clock, "the state directory");
    REIN_RETURN_IF_ERROR(result_descriptor, locked);
    folder = open_or_make_folder(root, name, mode);
    result_descriptor opened = folder >= 0 ? result_descriptor_ok(folder)
                                           : result_descriptor_fail(folder_error(REIN_HERE, name));
    close_lock(REIN_VALUE(locked));
    return opened;
}

/* The folder's own ".." leads to the state directory, of which a holder keeps no descriptor. */
static int is_in_place(const reservation_folder *folder, const char *device_uuid) {
    char path[REIN_DEVICE_UUID_CAPACITY + sizeof "../"];
    text_writer writer = text_writer_make(path, sizeof path);
    text_writer_append(&writer, "../");
    text_writer_append(&writer, device_uuid);
    return system_is_same_file(folder->descriptor, path, folder->descriptor);
}

rein_result_void folder_check_place(const reservation_folder *folder, const char *device_uuid) {
    int is_placed = is_in_place(folder, device_uuid);
    if (is_placed < 0) {
        return rein_result_void_fail(
            system_error(REIN_HERE, "cannot look for the device's folder {text}", device_uuid));
    }
    if (is_placed == 0) {
        return rein_result_void_fail(unsafe(
            REIN_HERE, "the device's folder {text} was moved or removed, expected it to stay",
            device_uuid));
    }
    return rein_done();
}

/* What the folder is; `root` is NULL where that was checked when it was opened. */
static rein_result_void look_at_folder(const struct stat *root, const char *name,
                                       reservation_folder *folder) {
    struct stat facts;
    if (fstat(folder->descriptor, &facts) != 0) {
        return rein_result_void_fail(
            system_error(REIN_HERE, "cannot read the state of the device's folder {text}", name));
    }
    folder->file_mode = (facts.st_mode & 0444) | 0600;
    return root == NULL ? rein_done() : check_folder(root, &facts, name);
}

rein_result_void folder_lock_again(int descriptor, const char *device_uuid, const rein_clock *clock,
                                   reservation_folder *out_folder) {
    reservation_folder folder = {.descriptor = descriptor};
    rein_result_void looked = look_at_folder(NULL, device_uuid, &folder);
    REIN_RETURN_IF_ERROR(rein_result_void, looked);
    result_descriptor locked = open_lock(descriptor, FOLDER_TO_CHANGE, clock, device_uuid);
    REIN_RETURN_IF_ERROR(rein_result_void, locked);
    folder.lock_descriptor = REIN_VALUE(locked);
    rein_result_void placed = folder_check_place(&folder, device_uuid);
    if (rein_result_void_is_error(placed)) {
        folder_unlock(&folder);
        return placed;
    }
    *out_folder = folder;
    return placed;
}

/* What has the name now may have lost it by the time that the lock is had. */
static rein_result_void open_and_lock(int root, const char *name, folder_use use,
                                      const rein_clock *clock, reservation_folder *folder) {
    struct stat facts;
    if (fstat(root, &facts) != 0) {
        return rein_result_void_fail(
            system_error(REIN_HERE, "cannot read the state of the state directory", ""));
    }
    mode_t mode = (facts.st_mode & (S_ISGID | 0775)) | 0700;
    result_descriptor opened = open_folder(root, name, use, mode, clock);
    REIN_RETURN_IF_ERROR(rein_result_void, opened);
    folder->descriptor = REIN_VALUE(opened);
    if (folder->descriptor < 0) {
        return rein_done();
    }
    rein_result_void looked = look_at_folder(&facts, name, folder);
    REIN_RETURN_IF_ERROR(rein_result_void, looked);
    result_descriptor locked = open_lock(folder->descriptor, use, clock, name);
    REIN_RETURN_IF_ERROR(rein_result_void, locked);
    folder->lock_descriptor = REIN_VALUE(locked);
    return rein_done();
}

result_reservation_folder folder_open_locked(const rein_state_directory *directory,
                                             const char *device_uuid, folder_use use,
                                             const rein_clock *clock) {
    enum { TRIES = 4 }; /* each but the first needs someone who moves the folder just then */
    rein_result_void placed;
    int tries = 0;
    do {
        reservation_folder folder = {.descriptor = -1, .lock_descriptor = -1};
        rein_result_void locked =
            open_and_lock(directory->descriptor, device_uuid, use, clock, &folder);
        if (rein_result_void_is_error(locked)) {
            folder_close(&folder);
            return result_reservation_folder_fail(REIN_ERROR(locked));
        }
        placed = folder.descriptor < 0 ? rein_done() : folder_check_place(&folder, device_uuid);
        if (rein_result_void_is_ok(placed)) {
            return result_reservation_folder_ok(folder);
        }
        folder_close(&folder);
        tries++;
    } while (REIN_ERROR(placed).code == REIN_ERROR_INVALID_STATE && tries < TRIES);
    return result_reservation_folder_fail(REIN_ERROR(placed));
}

void folder_unlock(reservation_folder *folder) {
    if (folder->lock_descriptor >= 0) {
        close_lock(folder->lock_descriptor);
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
    int folder = system_open_directory(descriptor, ".");
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
