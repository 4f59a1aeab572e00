/* Finds reservations that processes hold although the files were removed, by the open descriptors
 * in /proc. */
#ifndef REIN_HOST_NODE_RESERVATION_REMOVED_H
#define REIN_HOST_NODE_RESERVATION_REMOVED_H

#include <sys/stat.h>

#include "node/reservation.h"

/* Returns the number of these reservations for a device of the open state directory, which has
 * these `facts`: one for each process that holds the lock. */
size_t rein_i_reservation_removed_count(int directory, const struct stat *facts,
                                        const char *device_uuid);

#endif
