/* Reservations that processes hold although their files were removed: found in /proc, by the
 * descriptors that processes have open. */
#ifndef REIN_HOST_NODE_RESERVATION_REMOVED_H
#define REIN_HOST_NODE_RESERVATION_REMOVED_H

#include <sys/stat.h>

#include "node/reservation.h"

/* Counts those of a device below the open state directory, which has these `facts`, one for each
 * process that holds the lock. */
size_t rein_i_reservation_removed_count(int directory, const struct stat *facts,
                                        const char *device_uuid);

#endif
