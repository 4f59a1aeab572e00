/* A reservation's own file: put in place whole and locked, or not at all. */
#ifndef REIN_HOST_RESERVATION_FILE_H
#define REIN_HOST_RESERVATION_FILE_H

#include "contract/reservation.h"
#include "host/reservation_folder.h"

/* Writes the file of `id`, in the place of the one that it may have; the folder is locked
 * exclusively. The value is the descriptor that holds the lock. On an error nothing new is left,
 * and what was there is as it was. */
REIN_RESULT_DEFINE(result_descriptor, int)

result_descriptor file_put(const reservation_folder *folder, const rein_request_id *id,
                           const rein_reservation_record *record);

#endif
