/* Judges the files of a device's folder one by one and adds them up. */
#ifndef REIN_HOST_NODE_RESERVATION_SCAN_H
#define REIN_HOST_NODE_RESERVATION_SCAN_H

#include "node/reservation.h"

typedef enum file_state {
    FILE_DEAD,   /* no process holds it, or it ended during the scan: not counted */
    FILE_LIVE,   /* held, with a valid record */
    FILE_UNKNOWN /* may be held, and the record is not known */
} file_state;

typedef struct file_finding {
    file_state state;
    const char *reason; /* why it is unknown */
    rein_reservation_record record;
} file_finding;

/* Judges an open file of the device's folder, or of any device if `device_uuid` is NULL. The lock
 * decides first: a file that is not locked is dead, whatever it contains. */
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

/* Writes the name of a reservation's file, or of one that is being written. */
void rein_i_reservation_scan_file_name(const rein_request_id *id, bool is_new,
                                       char out_name[REIN_RESERVATION_NAME_CAPACITY]);

/* Returns whether `name` is the name of a reservation's file. */
bool rein_i_reservation_scan_is_reservation(const char *name);

/* Scans the folder. Errors: InternalError with the errno if it cannot be listed. */
rein_result_reservation_summary rein_i_reservation_scan(const reservation_scan *scan);

#endif
