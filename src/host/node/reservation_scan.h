/* The files of a device's folder, judged one by one and added up. */
#ifndef REIN_HOST_NODE_RESERVATION_SCAN_H
#define REIN_HOST_NODE_RESERVATION_SCAN_H

#include "node/reservation.h"

typedef enum file_state {
    FILE_DEAD,   /* no process holds it, or it ended during the scan: counts nothing */
    FILE_LIVE,   /* held, and understood */
    FILE_UNKNOWN /* it may be held, and its meaning is unknown */
} file_state;

typedef struct file_finding {
    file_state state;
    const char *reason; /* why it is unknown */
    rein_reservation_record record;
} file_finding;

/* Judges an open file of the device's folder; with a `device_uuid` of NULL, of any device. The lock
 * decides first: a file that is not locked is dead, whatever it is or contains. */
void rein_i_reservation_scan_judge_file(int file, const char *device_uuid,
                                        file_finding *out_finding);

typedef struct reservation_scan {
    int folder_descriptor;
    const char *device_uuid;
    const char *own_name; /* not counted; NULL for none */
    bool drops_dead;      /* removes files that no process holds; needs the folder's lock */
    rein_reservation_visitor visit;
    void *context;
} reservation_scan;

/* The name of a reservation's file, and of one that is being written. */
void rein_i_reservation_scan_file_name(const rein_request_id *id, bool is_new,
                                       char out_name[REIN_RESERVATION_NAME_CAPACITY]);

/* Whether `name` is that of a reservation's file. */
bool rein_i_reservation_scan_is_reservation(const char *name);

/* Errors: InternalError with the errno if the folder cannot be listed. */
rein_result_reservation_summary rein_i_reservation_scan(const reservation_scan *scan);

#endif
