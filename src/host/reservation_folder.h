/* A device's folder in the state directory: opened safely, locked, listed. */
#ifndef REIN_HOST_RESERVATION_FOLDER_H
#define REIN_HOST_RESERVATION_FOLDER_H

#include <sys/types.h>

#include "contract/reservation.h"

/* An open folder, and its lock file where the folder is locked. */
typedef struct reservation_folder {
    int descriptor;
    int lock_descriptor;
    mode_t file_mode; /* of a reservation's file: who may read the folder may read it */
    mode_t lock_mode; /* of the lock's file: who may write to the folder may lock it */
} reservation_folder;

REIN_RESULT_DEFINE(result_reservation_folder, reservation_folder)

typedef enum folder_use {
    FOLDER_TO_READ,  /* shared lock; the folder may be missing: both descriptors are then -1 */
    FOLDER_TO_CHANGE /* exclusive lock; the folder is made where it is missing */
} folder_use;

/* Waits for the lock by `clock`, up to REIN_RESERVATION_LOCK_WAIT_S. */
result_reservation_folder folder_open_locked(const rein_state_directory *directory,
                                             const char *device_uuid, folder_use use,
                                             const rein_clock *clock);

/* Locks a folder that is open already. `folder` is written on success alone. */
rein_result_void folder_lock(int descriptor, folder_use use, const rein_clock *clock,
                             reservation_folder *out_folder);

/* Gives back the lock; the folder stays open. */
void folder_unlock(reservation_folder *folder);

/* Both; descriptors that are -1 are left alone. */
void folder_close(reservation_folder *folder);

/* The name of the lock's file in a folder. */
extern const char folder_lock_name[];

typedef void (*folder_visitor)(const char *name, void *context);

/* Calls `visit` with each name but "." and "..". The folder is read from its start. */
rein_result_void folder_list(int descriptor, folder_visitor visit, void *context);

#endif
