/* A device's folder in the state directory: opened safely and locked. */
#ifndef REIN_HOST_NODE_RESERVATION_FOLDER_H
#define REIN_HOST_NODE_RESERVATION_FOLDER_H

#include <sys/types.h>

#include "host/node/folder_lock.h"
#include "node/reservation.h"

/* An open folder of a device, and its lock if it is locked. Must not move while it is locked. */
typedef struct reservation_folder {
    int descriptor;          /* -1: not open */
    guarded_descriptor lock; /* closed unless the folder was opened for changes */
    mode_t file_mode;        /* of a reservation's file: readable by all who may read the folder */
    size_t removed_count;    /* reservations that are held and were removed with the folder */
} reservation_folder;

REIN_RESULT_DEFINE(result_descriptor, int)

/* Checks that this process opened the state directory. Errors: InvalidArgument if it is NULL;
 * InvalidState. */
rein_result_void rein_i_reservation_folder_check_directory(const rein_state_directory *directory);

/* Opens the device's folder to read it, without a lock: a reader can neither block a reserving
 * process nor be blocked by it. If the folder is missing, succeeds with a descriptor of -1. The
 * caller closes it with rein_i_reservation_folder_close. */
rein_result_void rein_i_reservation_folder_open(const rein_state_directory *directory,
                                                const char *device_uuid,
                                                reservation_folder *out_folder);

/* Opens the device's folder and locks it. The locked folder is the one that the state directory
 * names, even if another folder took its place meanwhile. Makes a missing folder, unless processes
 * hold reservations that were removed with it: then the descriptor is -1 and `removed_count` is
 * above 0. The caller closes it with rein_i_reservation_folder_close. */
rein_result_void rein_i_reservation_folder_open_locked(const rein_state_directory *directory,
                                                       const char *device_uuid,
                                                       const lock_wait *wait,
                                                       reservation_folder *out_folder);

/* Locks a folder that is open already. The caller ends the lock with
 * rein_i_reservation_folder_unlock. Errors: InvalidState if the state directory no longer names
 * this folder. */
rein_result_void rein_i_reservation_folder_relock(int descriptor, const char *device_uuid,
                                                  const lock_wait *wait,
                                                  reservation_folder *out_folder);

/* Checks the folder's place. Errors: InvalidState if it was moved or removed: other processes no
 * longer look into it. */
rein_result_void rein_i_reservation_folder_check_place(int descriptor, const char *device_uuid);

/* Releases the lock; the folder stays open. */
void rein_i_reservation_folder_unlock(reservation_folder *folder);

/* Releases the lock and closes the folder. Ignores descriptors that are -1. */
void rein_i_reservation_folder_close(reservation_folder *folder);

#endif
