/* A device's folder in the state directory: opened safely and locked. */
#ifndef REIN_HOST_NODE_RESERVATION_FOLDER_H
#define REIN_HOST_NODE_RESERVATION_FOLDER_H

#include <sys/types.h>

#include "host/node/folder_lock.h"
#include "node/reservation.h"

/* An open folder of a device, and its lock if it is locked. Stays at its address while it is
 * locked. */
typedef struct reservation_folder {
    int descriptor;          /* -1: not open */
    guarded_descriptor lock; /* closed unless the folder was opened to be changed */
    mode_t file_mode;        /* of a reservation's file: whoever may read the folder may read it */
    size_t removed_count;    /* of reservations that are held and were removed with the folder */
} reservation_folder;

REIN_RESULT_DEFINE(result_descriptor, int)

/* Checks that this process opened the state directory. Errors: InvalidArgument if it is NULL;
 * InvalidState. */
rein_result_void rein_i_reservation_folder_check_directory(const rein_state_directory *directory);

/* Opens the device's folder to read it, without a lock: a reader can neither block a process that
 * reserves nor be blocked by one. A folder that is missing is not an error: the descriptor is then
 * -1. The caller ends it with rein_i_reservation_folder_close. */
rein_result_void rein_i_reservation_folder_open(const rein_state_directory *directory,
                                                const char *device_uuid,
                                                reservation_folder *out_folder);

/* Opens the device's folder and locks it. The folder that is locked is the one that the state
 * directory names: if another one took its place meanwhile, that one is locked. If the folder is
 * missing, it is made, unless processes hold reservations that were removed with it: the descriptor
 * is then -1, and `removed_count` is above 0. The caller ends it with
 * rein_i_reservation_folder_close. */
rein_result_void rein_i_reservation_folder_open_locked(const rein_state_directory *directory,
                                                       const char *device_uuid,
                                                       const lock_wait *wait,
                                                       reservation_folder *out_folder);

/* Locks a folder that is open already. The caller ends the lock with
 * rein_i_reservation_folder_unlock. InvalidState if the folder is no longer the one that the state
 * directory names. */
rein_result_void rein_i_reservation_folder_relock(int descriptor, const char *device_uuid,
                                                  const lock_wait *wait,
                                                  reservation_folder *out_folder);

/* InvalidState if the folder was moved or removed: no process looks into it any more. */
rein_result_void rein_i_reservation_folder_check_place(int descriptor, const char *device_uuid);

/* Gives back the lock; the folder stays open. */
void rein_i_reservation_folder_unlock(reservation_folder *folder);

/* Both; descriptors that are -1 are left alone. */
void rein_i_reservation_folder_close(reservation_folder *folder);

#endif
