/* The files of a device's folder, judged one by one and added up. */
#ifndef REIN_HOST_RESERVATION_SCAN_H
#define REIN_HOST_RESERVATION_SCAN_H

#include "contract/reservation.h"
#include "host/reservation_folder.h"

typedef struct reservation_scan {
    const reservation_folder *folder; /* locked: no file changes but by release */
    const char *device_uuid;
    const char *own_name; /* not counted; NULL for none */
    bool drops_dead;      /* removes what nobody holds; needs the exclusive lock */
    rein_reservation_visitor visit;
    void *context;
} reservation_scan;

/* The name of a reservation's file, and of one that is being written. */
void scan_file_name(const rein_request_id *id, bool is_new,
                    char out_name[REIN_RESERVATION_NAME_CAPACITY]);

rein_result_reservation_summary scan_reservations(const reservation_scan *scan);

#endif
