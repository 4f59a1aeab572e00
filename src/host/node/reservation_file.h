/* A reservation's own file: published whole and locked, or not at all. */
#ifndef REIN_HOST_NODE_RESERVATION_FILE_H
#define REIN_HOST_NODE_RESERVATION_FILE_H

#include "host/node/reservation_folder.h"
#include "node/reservation.h"

/* Writes the file of `id`, in the place of the one that it may have; the folder is locked. The
 * value is the descriptor that holds the lock. On an error nothing new is left, and what was there
 * is as it was. */
result_descriptor rein_i_reservation_file_publish(const reservation_folder *folder,
                                                  const rein_request_id *id,
                                                  const rein_reservation_record *record);

/* InvalidState if the file in the folder is not the one that is held: somebody removed it, and
 * nothing counts the reservation any more. */
rein_result_void rein_i_reservation_file_check_place(int folder_descriptor,
                                                     const rein_request_id *id,
                                                     int file_descriptor);

/* Ends the lock for every process that has the file open, and closes the descriptor. */
void rein_i_reservation_file_unlock(int file_descriptor);

/* Ends the reservation of an open file for every process that has it open, removes the file and
 * closes the descriptor. A file that cannot be removed stays, and is dead. */
void rein_i_reservation_file_end(int folder_descriptor, const rein_request_id *id,
                                 int file_descriptor);

#endif
