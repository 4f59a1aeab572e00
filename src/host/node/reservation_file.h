/* A reservation's file: published complete and locked, or not at all. */
#ifndef REIN_HOST_NODE_RESERVATION_FILE_H
#define REIN_HOST_NODE_RESERVATION_FILE_H

#include "host/node/reservation_folder.h"
#include "node/reservation.h"

/* Writes the file of `id`, replacing the one that it may have. The folder must be locked. Returns
 * the descriptor that holds the lock. On an error the folder is as before. */
result_descriptor rein_i_reservation_file_publish(const reservation_folder *folder,
                                                  const rein_request_id *id,
                                                  const rein_reservation_record *record);

/* Checks that the file in the folder is the one that is held. Errors: InvalidState if it is not: it
 * was removed, and the reservation is no longer counted. */
rein_result_void rein_i_reservation_file_check_place(int folder_descriptor,
                                                     const rein_request_id *id,
                                                     int file_descriptor);

/* Ends the lock for every process that has the file open, and closes the descriptor. */
void rein_i_reservation_file_unlock(int file_descriptor);

/* Ends the reservation of an open file for every process that has it open, removes the file and
 * closes the descriptor. A file that cannot be removed remains, and is dead. */
void rein_i_reservation_file_end(int folder_descriptor, const rein_request_id *id,
                                 int file_descriptor);

#endif
