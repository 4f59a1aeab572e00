#include "host/node/reservation_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/contract/invalid.h"
#include "host/node/reservation_record.h"
#include "host/node/reservation_scan.h"
#include "host/node/system_file.h"

static rein_result_void lock_and_fill(int file, mode_t mode, const rein_reservation_record *record,
                                      const char *name) {
    /* Lock first: once others may read the file, they may take a read lock on it. */
    if (rein_i_system_try_lock(file, F_WRLCK) != 0) {
        return rein_result_void_fail(
            rein_i_system_error(REIN_HERE, "cannot lock the reservation {text}", name));
    }
    char text[RECORD_TEXT_CAPACITY];
    size_t length = rein_i_reservation_record_write(record, text);
    if (rein_i_system_write_all(file, text, length) != 0) {
        return rein_result_void_fail(
            rein_i_system_error(REIN_HERE, "cannot write the reservation {text}", name));
    }
    if (fchmod(file, mode) != 0) {
        return rein_result_void_fail(
            rein_i_system_error(REIN_HERE, "cannot set the mode of the reservation {text}", name));
    }
    return rein_done();
}

/* Gives the file its name after locking it: a file that is found unlocked is not held by any
 * process. */
static rein_result_void place(const reservation_folder *folder, int file, const char *new_name,
                              const char *name, const rein_reservation_record *record) {
    REIN_TRY(rein_result_void, lock_and_fill(file, folder->file_mode, record, name));
    if (renameat(folder->descriptor, new_name, folder->descriptor, name) != 0) {
        return rein_result_void_fail(
            rein_i_system_error(REIN_HERE, "cannot put the reservation {text} in place", name));
    }
    return rein_done();
}

result_descriptor rein_i_reservation_file_publish(const reservation_folder *folder,
                                                  const rein_request_id *id,
                                                  const rein_reservation_record *record) {
    char new_name[REIN_RESERVATION_NAME_CAPACITY];
    char name[REIN_RESERVATION_NAME_CAPACITY];
    rein_i_reservation_scan_file_name(id, true, new_name);
    rein_i_reservation_scan_file_name(id, false, name);
    int file = rein_i_system_open(folder->descriptor, new_name, O_RDWR | O_CREAT | O_EXCL,
                                  S_IRUSR | S_IWUSR);
    if (file < 0) {
        return result_descriptor_fail(
            rein_i_system_error(REIN_HERE, "cannot make the reservation {text}", name));
    }
    rein_result_void placed = place(folder, file, new_name, name, record);
    if (rein_result_void_is_error(placed)) {
        unlinkat(folder->descriptor, new_name, 0);
        close(file);
        return result_descriptor_fail(REIN_ERROR(placed));
    }
    return result_descriptor_ok(file);
}

rein_result_void rein_i_reservation_file_check_place(int folder_descriptor,
                                                     const rein_request_id *id,
                                                     int file_descriptor) {
    char name[REIN_RESERVATION_NAME_CAPACITY];
    rein_i_reservation_scan_file_name(id, false, name);
    int is_placed = rein_i_system_is_same_file(folder_descriptor, name, file_descriptor);
    if (is_placed < 0) {
        return rein_result_void_fail(
            rein_i_system_error(REIN_HERE, "cannot look for the reservation {text}", name));
    }
    if (is_placed == 0) {
        return rein_result_void_fail(rein_i_error_about(
            REIN_ERROR_INVALID_STATE, REIN_HERE,
            "the file of the reservation {text} was removed" IS_NOT_COUNTED, name));
    }
    return rein_done();
}

/* Unlocks explicitly: a forked child with a copy of the descriptor would keep the lock
 * otherwise. */
static void unlock(int file_descriptor) {
    (void)rein_i_system_try_lock(file_descriptor, F_UNLCK);
}

void rein_i_reservation_file_unlock(int file_descriptor) {
    unlock(file_descriptor);
    close(file_descriptor);
}

/* Unlocks first: a removed file that is still locked is reported as held. */
void rein_i_reservation_file_end(int folder_descriptor, const rein_request_id *id,
                                 int file_descriptor) {
    char name[REIN_RESERVATION_NAME_CAPACITY];
    rein_i_reservation_scan_file_name(id, false, name);
    unlock(file_descriptor);
    unlinkat(folder_descriptor, name, 0);
    close(file_descriptor);
}
