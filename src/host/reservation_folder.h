/* A device's folder in the state directory: opened safely, locked, listed. */
#ifndef REIN_HOST_RESERVATION_FOLDER_H
#define REIN_HOST_RESERVATION_FOLDER_H

#include <sys/types.h>

#include "contract/reservation.h"

/* An open folder, and its lock where it is locked. The lock lies on the folder itself, so there is
 * no file of it that could be removed; it is a flock, for a folder cannot be opened to be written,
 * which a write lock of fcntl needs. */
typedef struct reservation_folder {
    int descriptor;
    int lock_descriptor; /* the folder again: each locking has a description of its own */
    mode_t file_mode;    /* of a reservation's file: who may read the folder may read it */
} reservation_folder;

REIN_RESULT_DEFINE(result_reservation_folder, reservation_folder)
REIN_RESULT_DEFINE(result_descriptor, int)

typedef enum folder_use {
    FOLDER_TO_READ,  /* shared lock; the folder may be missing: both descriptors are then -1 */
    FOLDER_TO_CHANGE /* exclusive lock; the folder is made where it is missing */
} folder_use;

/* Waits for the lock by `clock`, up to REIN_RESERVATION_LOCK_WAIT_S. The folder that is locked is
 * the one that the state directory names: where another one took its place meanwhile, that one is
 * locked. */
result_reservation_folder folder_open_locked(const rein_state_directory *directory,
                                             const char *device_uuid, folder_use use,
                                             const rein_clock *clock);

/* Locks exclusively a folder that is open already. `out_folder` is written on success alone.
 * InvalidState where the folder is no longer the one that the state directory names. */
rein_result_void folder_lock_again(int descriptor, const char *device_uuid, const rein_clock *clock,
                                   reservation_folder *out_folder);

/* InvalidState where the folder was moved or removed: nobody looks into it any more. */
rein_result_void folder_check_place(const reservation_folder *folder, const char *device_uuid);

/* Gives back the lock; the folder stays open. */
void folder_unlock(reservation_folder *folder);

/* Both; descriptors that are -1 are left alone. */
void folder_close(reservation_folder *folder);

typedef void (*folder_visitor)(const char *name, void *context);

/* Calls `visit` with each name but "." and "..". The folder is read from its start. */
rein_result_void folder_list(int descriptor, folder_visitor visit, void *context);

#endif
