/* Reservations that processes hold although their files were removed: found in /proc, by the
 * descriptors that processes have open. */
#ifndef REIN_HOST_RESERVATION_REMOVED_H
#define REIN_HOST_RESERVATION_REMOVED_H

#include "contract/reservation.h"

/* Counts those of a device below the open state directory, one for each process that has the file
 * open. */
size_t removed_count(int directory, const char *device_uuid);

#endif
