#include "host/node/reservation_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/base/text_writer.h"
#include "host/contract/invalid.h"
#include "host/node/reservation_removed.h"
#include "host/node/system_file.h"

static const char the_directory[] = "the state directory";

rein_result_void rein_i_reservation_folder_check_directory(const rein_state_directory *directory) {
    return directory == NULL
               ? rein_i_invalid(REIN_HERE, "the state directory" MUST_NOT_BE_NULL, 0, 0, 0)
               : rein_i_fork_guard_check(directory->process, "state directory");
}

/* Checks the owner. Any user who may write to the state directory may own the device's folder. */
static rein_result_void check_folder(const struct stat *root, const struct stat *folder,
                                     const char *name) {
    if (!rein_i_system_is_trusted(root, folder)) {
        return rein_result_void_fail(
            rein_i_error_about(REIN_ERROR_INVALID_STATE, REIN_HERE,
                               "the device's folder {text} must be owned by root, by you or by the "
                               "state directory's group",
                               name));
    }
    if ((folder->st_mode & S_IWOTH) != 0) {
        return rein_result_void_fail(
            rein_i_error_about(REIN_ERROR_INVALID_STATE, REIN_HERE,
                               "the device's folder {text}" MUST_NOT_BE_WRITABLE, name));
    }
    return rein_done();
}

static const char unfinished_name[] = ".new";

/* Makes the folder under a name that is not a device's until it is complete. It needs the state
 * directory's group, which its files inherit, and its mode regardless of the umask. The state
 * directory is locked. */
static int make_folder(int root, const char *name, const struct stat *facts) {
    mode_t inherits = (facts->st_mode & S_IWGRP) != 0 ? S_ISGID : 0;
    mode_t mode = (facts->st_mode & (S_ISGID | 0775)) | 0700 | inherits;
    if (mkdirat(root, unfinished_name, S_IRWXU) != 0) {
        return -1;
    }
    int made = rein_i_system_open_directory(root, unfinished_name);
    if (made >= 0 && rein_i_system_share(made, facts, mode) == 0 &&
        renameat(root, unfinished_name, root, name) == 0) {
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

/* Makes the folder after removing the unfinished folder of a process that died: it may belong to
 * another user. */
static int make_folder_again(int root, const char *name, const struct stat *facts) {
    if (unlinkat(root, unfinished_name, AT_REMOVEDIR) != 0 && errno != ENOENT) {
        return -1;
    }
    return make_folder(root, name, facts);
}

static rein_error folder_error(rein_source_location where, const char *name) {
    return rein_i_system_error(where, "cannot open the device's folder {text}", name);
}

/* Opens the folder or makes it; another process may have made it meanwhile. The state directory is
 * locked. */
static rein_result_void open_or_make(int root, const char *name, const struct stat *facts,
                                     reservation_folder *folder) {
    folder->descriptor = rein_i_system_open_directory(root, name);
    if (folder->descriptor < 0 && errno == ENOENT) {
        folder->removed_count = rein_i_reservation_removed_count(root, facts, name);
        if (folder->removed_count > 0) {
            return rein_done();
        }
        folder->descriptor = make_folder_again(root, name, facts);
    }
    return folder->descriptor < 0 ? rein_result_void_fail(folder_error(REIN_HERE, name))
                                  : rein_done();
}

static rein_result_void make_locked(int root, const char *name, const struct stat *facts,
                                    const lock_wait *wait, reservation_folder *folder) {
    guarded_descriptor lock;
    REIN_TRY(rein_result_void, rein_i_folder_lock_begin(root, wait, the_directory, &lock));
    rein_result_void made = open_or_make(root, name, facts, folder);
    rein_i_folder_lock_end(&lock);
    return made;
}

/* Returns whether the folder is in place. Uses the folder's ".." because a holder keeps no
 * descriptor of the state directory. */
static int is_in_place(int descriptor, const char *device_uuid) {
    char path[REIN_DEVICE_UUID_CAPACITY + sizeof "../"];
    text_writer writer = rein_i_text_writer_make(path, sizeof path);
    rein_i_text_writer_append(&writer, "../");
    rein_i_text_writer_append(&writer, device_uuid);
    return rein_i_system_is_same_file(descriptor, path, descriptor);
}

rein_result_void rein_i_reservation_folder_check_place(int descriptor, const char *device_uuid) {
    int is_placed = is_in_place(descriptor, device_uuid);
    if (is_placed < 0) {
        return rein_result_void_fail(rein_i_system_error(
            REIN_HERE, "cannot look for the device's folder {text}", device_uuid));
    }
    if (is_placed == 0) {
        return rein_result_void_fail(rein_i_error_about(
            REIN_ERROR_INVALID_STATE, REIN_HERE,
            "the device's folder {text} was moved or removed" IS_NOT_COUNTED, device_uuid));
    }
    return rein_done();
}

static rein_result_void read_state(int descriptor, const char *name, struct stat *out_facts) {
    return fstat(descriptor, out_facts) == 0
               ? rein_done()
               : rein_result_void_fail(rein_i_system_error(REIN_HERE, CANNOT_READ_STATE, name));
}

/* Checks an open folder against the state directory. */
static rein_result_void check_opened_folder(const struct stat *root, const char *name,
                                            reservation_folder *folder) {
    struct stat facts;
    REIN_TRY(rein_result_void, read_state(folder->descriptor, name, &facts));
    folder->file_mode = (facts.st_mode & 0444) | 0600;
    return root == NULL ? rein_done() : check_folder(root, &facts, name);
}

/* Locks the folder and checks its place. A removed folder cannot be locked either, but "moved" is
 * the better error. */
static rein_result_void lock_in_place(const char *device_uuid, const lock_wait *wait,
                                      reservation_folder *folder) {
    rein_result_void locked =
        rein_i_folder_lock_begin(folder->descriptor, wait, device_uuid, &folder->lock);
    rein_result_void placed =
        rein_i_reservation_folder_check_place(folder->descriptor, device_uuid);
    if (rein_result_void_is_ok(placed)) {
        return locked;
    }
    if (rein_result_void_is_ok(locked)) {
        rein_i_reservation_folder_unlock(folder);
    }
    return placed;
}

rein_result_void rein_i_reservation_folder_relock(int descriptor, const char *device_uuid,
                                                  const lock_wait *wait,
                                                  reservation_folder *out_folder) {
    *out_folder = (reservation_folder){.descriptor = descriptor, .lock = {.number = -1}};
    REIN_TRY(rein_result_void, check_opened_folder(NULL, device_uuid, out_folder));
    return lock_in_place(device_uuid, wait, out_folder);
}

/* Opens and checks the folder. `wait` is NULL for a reader: a missing folder is then not made. */
static rein_result_void open_checked(int root, const char *name, const lock_wait *wait,
                                     reservation_folder *folder) {
    struct stat facts;
    REIN_TRY(rein_result_void, read_state(root, the_directory, &facts));
    folder->descriptor = rein_i_system_open_directory(root, name);
    if (folder->descriptor < 0 && errno != ENOENT) {
        return rein_result_void_fail(folder_error(REIN_HERE, name));
    }
    if (folder->descriptor < 0 && wait != NULL) {
        REIN_TRY(rein_result_void, make_locked(root, name, &facts, wait, folder));
    }
    return folder->descriptor < 0 ? rein_done() : check_opened_folder(&facts, name, folder);
}

rein_result_void rein_i_reservation_folder_open(const rein_state_directory *directory,
                                                const char *device_uuid,
                                                reservation_folder *out_folder) {
    *out_folder = (reservation_folder){.descriptor = -1, .lock = {.number = -1}};
    rein_result_void opened = open_checked(directory->descriptor, device_uuid, NULL, out_folder);
    if (rein_result_void_is_error(opened)) {
        rein_i_reservation_folder_close(out_folder);
    }
    return opened;
}

/* Opens and locks the folder. It may lose its name before it is locked. */
static rein_result_void open_and_lock(int root, const char *name, const lock_wait *wait,
                                      reservation_folder *out_folder, bool *out_was_moved) {
    *out_folder = (reservation_folder){.descriptor = -1, .lock = {.number = -1}};
    *out_was_moved = false;
    rein_result_void opened = open_checked(root, name, wait, out_folder);
    if (rein_result_void_is_ok(opened) && out_folder->descriptor >= 0) {
        opened = lock_in_place(name, wait, out_folder);
        *out_was_moved = !opened.is_ok && REIN_ERROR(opened).code == REIN_ERROR_INVALID_STATE;
    }
    if (rein_result_void_is_error(opened)) {
        rein_i_reservation_folder_close(out_folder);
    }
    return opened;
}

rein_result_void rein_i_reservation_folder_open_locked(const rein_state_directory *directory,
                                                       const char *device_uuid,
                                                       const lock_wait *wait,
                                                       reservation_folder *out_folder) {
    enum { TRIES = 4 }; /* each retry needs another process that moves the folder at that moment */
    bool was_moved = false;
    rein_result_void opened;
    int tries = 0;
    do {
        opened = open_and_lock(directory->descriptor, device_uuid, wait, out_folder, &was_moved);
        tries++;
    } while (was_moved && tries < TRIES);
    return opened;
}

void rein_i_reservation_folder_unlock(reservation_folder *folder) {
    rein_i_folder_lock_end(&folder->lock);
}

void rein_i_reservation_folder_close(reservation_folder *folder) {
    rein_i_reservation_folder_unlock(folder);
    if (folder->descriptor >= 0) {
        close(folder->descriptor);
        folder->descriptor = -1;
    }
}
